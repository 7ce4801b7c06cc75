import type { Entry } from '../model/reader.ts';
import type { HttpMatch, L4Match, StringMatch, TlsRoute } from '../model/virtual-service.ts';

/** The conditions of one `match` entry, each in a few words: `/api*`, `GET`, `x-user=jason`. Empty: everything. */
export function conditionTexts(match: HttpMatch): readonly string[] {
  return [
    ...(match.uri === undefined ? [] : [stringText(match.uri)]),
    ...(match.method === undefined ? [] : [stringText(match.method)]),
    ...(match.authority === undefined ? [] : [`authority ${stringText(match.authority)}`]),
    ...(match.scheme === undefined ? [] : [`scheme ${stringText(match.scheme)}`]),
    ...match.headers.map(entry => entryText(entry)),
    ...match.withoutHeaders.map(entry => `not ${entryText(entry)}`),
    ...match.queryParams.map(entry => `?${entryText(entry)}`),
    ...(match.port === undefined ? [] : [`port ${match.port.value}`]),
    ...sourceTexts(match),
  ];
}

/** The conditions of a `match` entry of a `tcp` or `tls` rule. */
export function connectionTexts(match: L4Match | TlsRoute['match'][number]): readonly string[] {
  return [
    ...('sniHosts' in match ? match.sniHosts.map(({ value }) => value) : []),
    ...match.destinationSubnets.map(({ value }) => value),
    ...(match.port === undefined ? [] : [`port ${match.port.value}`]),
    ...sourceTexts(match),
  ];
}

/** `everything`, `/api* and GET`, `/api* or /v2*`: the whole `match` of a rule. */
export function matchText(entries: readonly (readonly string[])[], limit = 3): string {
  if (entries.length === 0 || entries.some(texts => texts.length === 0)) return 'everything';
  const shown = entries.slice(0, limit).map(texts => texts.join(' and '));
  return `${shown.join(' or ')}${entries.length > limit ? ` or ${entries.length - limit} more` : ''}`;
}

function sourceTexts(match: Pick<L4Match, 'sourceLabels' | 'sourceNamespace' | 'gateways'>): readonly string[] {
  return [
    ...match.sourceLabels.map(({ key, value }) => `from ${key.value}=${value.value}`),
    ...(match.sourceNamespace === undefined ? [] : [`from namespace ${match.sourceNamespace.value}`]),
    ...(match.gateways.length === 0 ? [] : [`on ${match.gateways.map(({ value }) => value).join(', ')}`]),
  ];
}

/** `/api*` for a prefix, `~/v[0-9]+` for a regular expression, `*` for mere presence. */
function stringText({ kind, value }: StringMatch): string {
  const text = value?.value ?? '';
  switch (kind) {
    case 'exact':
      return text;
    case 'prefix':
      return `${text}*`;
    case 'regex':
      return `~${text}`;
    case 'present':
      return '*';
  }
}

function entryText({ key, value }: Entry<StringMatch>): string {
  return value.kind === 'present' ? key.value : `${key.value}=${stringText(value)}`;
}
