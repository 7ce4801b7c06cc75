/** Names and addresses as Istio's validation reads them (`VALIDATION.md` COM-04 to COM-19). */

import { quoted } from './words.ts';

/** Why a text is no name of its kind, with the id of the rule that it breaks. */
export interface NameFault {
  readonly reason: string;
  readonly id: string;
}

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(?:\*|(?:\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/;
const MAX_LABEL = 63;
const MAX_DOMAIN = 255;

/** A label of DNS in Istio's own reading: letters of either case (`labels.IsDNS1123Label`). */
export function isDnsLabel(text: string): boolean {
  return text.length <= MAX_LABEL && LABEL.test(text);
}

/** Why a text is no full domain name without wildcards (Istio `ValidateFQDN`); a dot may end it. */
export function domainFault(name: string): NameFault | undefined {
  return lengthFault(name) ?? labelsFault(name);
}

/** Why a text is no domain name whose first label may be or begin with `*` (Istio `ValidateWildcardDomain`). */
export function wildcardDomainFault(name: string): NameFault | undefined {
  const tooLong = lengthFault(name);
  if (tooLong !== undefined) return tooLong;
  const dot = name.indexOf('.');
  const first = dot < 0 ? name : name.slice(0, dot);
  if (first.length > MAX_LABEL || !WILDCARD_LABEL.test(first)) return { reason: labelReason(first), id: 'COM-05' };
  return dot < 0 ? undefined : labelsFault(name.slice(dot + 1));
}

function lengthFault(name: string): NameFault | undefined {
  if (name === '') return { reason: 'it is empty', id: 'COM-04' };
  return name.length > MAX_DOMAIN
    ? { reason: `it has ${name.length} characters, and a name has at most ${MAX_DOMAIN}`, id: 'COM-04' }
    : undefined;
}

function labelsFault(name: string): NameFault | undefined {
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  if (/^[-+]?\d+$/.test(top))
    return { reason: `the last part, ${quoted(top)}, is a number, as in no domain`, id: 'COM-06' };
  for (const [index, label] of labels.entries()) {
    // A dot at the end says that the name is complete.
    if (label === '' && index === labels.length - 1) return undefined;
    if (isDnsLabel(label)) continue;
    return { reason: labelReason(label), id: label.includes('*') ? 'COM-07' : 'COM-05' };
  }
  return undefined;
}

function labelReason(label: string): string {
  if (label === '') return 'two dots stand side by side, or one at the start';
  if (label.includes('*')) return 'a wildcard may only stand at the very start of a name';
  if (label.length > MAX_LABEL)
    return `the part ${quoted(`${label.slice(0, 12)}…`)} is longer than ${MAX_LABEL} characters`;
  return `${quoted(label)} has characters other than letters, digits and inner hyphens`;
}

/** A `*` that is not followed by a dot, as in `*foo.com` (Istio `ValidatePartialWildCard`). */
export function isPartialWildcard(host: string): boolean {
  return host.includes('*') && host.length !== 1 && !host.startsWith('*.');
}

/** An IPv4 or IPv6 address as Go's `netip.ParseAddr` takes it; a zone may stand behind an IPv6 address. */
export function isAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** An address range: an address, a slash and the number of leading bits (Go `netip.ParsePrefix`; no zone). */
export function isPrefix(text: string): boolean {
  const slash = text.lastIndexOf('/');
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 0 || !/^(0|[1-9]\d{0,2})$/.test(bits) || address.includes('%')) return false;
  return (isIpv4(address) && Number(bits) <= 32) || (isIpv6(address) && Number(bits) <= 128);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  const zone = text.indexOf('%');
  if (zone === text.length - 1) return false;
  const address = zone < 0 ? text : text.slice(0, zone);
  const halves = address.split('::');
  if (halves.length > 2 || !address.includes(':')) return false;
  const groups = halves.map(half => (half === '' ? [] : half.split(':')));
  const all = groups.flat();
  const last = all.at(-1) ?? '';
  // The last 32 bits may be written as an IPv4 address.
  const embedded = last.includes('.') && isIpv4(last);
  const plain = embedded ? all.slice(0, -1) : all;
  if (embedded && (groups.at(-1) ?? []).length === 0) return false;
  if (!plain.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const length = plain.length + (embedded ? 2 : 0);
  return halves.length === 2 ? length <= 7 : length === 8;
}

const TAG_NAME = /^(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const TAG_PREFIX = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)*$/;

/** Why a text is no key of a label, `[dns-prefix/]name` (Istio `labels.Instance.Validate`). */
export function labelKeyFault(key: string): string | undefined {
  const slash = key.indexOf('/');
  const name = key.slice(slash + 1);
  if (slash >= 0 && (!TAG_PREFIX.test(key.slice(0, slash)) || slash > 253))
    return 'before the slash it takes a domain name';
  if (!TAG_NAME.test(name))
    return 'it takes letters, digits, "-", "_" and ".", and begins and ends with a letter or digit';
  return name.length > MAX_LABEL ? `a name has at most ${MAX_LABEL} characters` : undefined;
}

/** Whether a text may be the value of a label; it may be empty. */
export function isLabelValue(value: string): boolean {
  return value === '' || TAG_NAME.test(value);
}

/** Why what follows `unix://` is no path of a socket (Istio `ValidateUnixAddress`). */
export function socketFault(path: string): string | undefined {
  if (path === '') return 'the path is missing';
  if (path.startsWith('@')) return undefined;
  if (!path.startsWith('/')) return 'the path has to begin with "/"';
  return path.endsWith('/') ? 'the path ends with "/", as that of a folder' : undefined;
}
