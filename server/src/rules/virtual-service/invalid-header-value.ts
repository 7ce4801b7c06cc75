import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located, Span } from '../../text/range.ts';
import { refusal } from '../codes.ts';
import { replaceString } from '../edits.ts';
import type { Fields } from '../fields.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { type FormatFault, formatFault } from './header-format.ts';
import { rulesOf } from './http-rules.ts';

export const invalidHeaderValue = resourceRule({
  id: 'virtual-service/invalid-header-value',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A header value with a `%` that begins nothing, or with characters that no header may have.',
  why: 'Envoy expands commands such as `%DOWNSTREAM_REMOTE_ADDRESS%` in values that it sets. A lone `%` is the start of one that never ends, so Istio refuses the VirtualService.',
  remedy: 'Write `%%` for a percent sign, and close commands with `%`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - headers: { request: { set: { x-discount: 10% } } }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - headers: { request: { set: { x-discount: 10%% } } }
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'COM-29', 'COM-30', 'VS-34', 'VS-76'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      yield* ofHeaders(vs, rule.object('headers'), 'VS-34');
      for (const entry of rule.objects('route')) yield* ofHeaders(vs, entry.object('headers'), 'VS-76');
    }
  },
});

function* ofHeaders(vs: VirtualService, headers: Fields | undefined, id: string): Generator<Finding> {
  for (const side of ['request', 'response']) {
    for (const operation of ['add', 'set']) {
      for (const { value } of headers?.object(side)?.strMap(operation) ?? []) yield* judge(vs, value, id);
    }
  }
}

/** All but the tab below a blank, and the character 127. */
function hasControlCharacter(value: string): boolean {
  return [...value].some(character => (character < ' ' && character !== '\t') || character === '\u007f');
}

function* judge(vs: VirtualService, value: Located<string>, id: string): Generator<Finding> {
  if (hasControlCharacter(value.value)) {
    const message = 'this value has a line break or another control character, which no header may have';
    yield { at: head(vs, value), message, codes: refusal(id, 'COM-29') };
    return;
  }
  const fault = formatFault(value.value);
  if (fault === undefined) return;
  yield {
    at: within(vs, value, fault),
    message: fault.message,
    fixes: doubled(vs, value, fault),
    codes: refusal(id, 'COM-30'),
  };
}

/** The part of the value that is wrong, where it stands in the text as it is in the value. */
function within(vs: VirtualService, value: Located<string>, { start }: FormatFault): Span {
  const offset = vs.document.text.slice(value.start, value.end).indexOf(value.value);
  if (offset < 0) return head(vs, value);
  const from = value.start + offset + start;
  return { anchor: vs.document, start: from, end: from + 1 };
}

/** A value at its first line. */
function head(vs: VirtualService, value: Located<string>): Span {
  const line = vs.document.text.slice(value.start, value.end).search(/[\r\n]/);
  return line < 0 ? value : { anchor: vs.document, start: value.start, end: value.start + Math.max(1, line) };
}

/** A percent sign that stands for itself is doubled, where that makes the value a good one. */
function doubled(vs: VirtualService, value: Located<string>, { start }: FormatFault): readonly Fix[] {
  const text = `${value.value.slice(0, start)}%${value.value.slice(start)}`;
  const isPlain = /^[\w .,;:/%()-]*$/.test(text);
  if (!isPlain || formatFault(text) !== undefined) return [];
  return [{ title: `Change to ${quoted(text)}`, edits: [replaceString(vs.document, value, text)] }];
}
