import type { TypedResource } from '../../model/decode.ts';
import { compilePattern } from '../../routing/pattern.ts';
import { withoutLookahead } from '../../routing/reach/lookahead.ts';
import type { Visit } from '../../schema/walk.ts';
import type { Span } from '../../text/range.ts';
import { resolve, type ScalarNode } from '../../yaml/node.ts';
import { refusal, warned } from '../codes.ts';
import { replaceString } from '../edits.ts';
import { type Finding, type Fix, ISTIO_TYPES, resourceRule } from '../rule.ts';
import { at } from './problems.ts';
import { type Fault, faultOf } from './regex-fault.ts';
import { visitsOf } from './visits.ts';

/** Istio's own limit, in bytes (`VALIDATION.md` COM-27). */
const MAX_LENGTH = 1024;

export const invalidRegex = resourceRule({
  id: 'schema/invalid-regex',
  severity: 'error',
  on: ISTIO_TYPES,
  per: 'route',
  summary: 'A regular expression that Envoy cannot read.',
  why: 'Envoy matches with RE2, which has neither lookarounds nor backreferences. Istio refuses the resource, since Envoy would refuse the whole route table.',
  remedy: 'Write the expression in the syntax of RE2. A wildcard is `.*`, and a dot that means a dot is `\\\\.`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { regex: "/(?!admin).*" } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { regex: "/v[12]/.*" } }]
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'COM-26', 'COM-27', 'COM-28', 'EF-09', 'EF-10'],
  refuses: true,
  *check(resource, { schemas }) {
    for (const visit of visitsOf(resource, schemas.facts)) {
      const value = resolve(visit.node);
      if (visit.field.value !== 'regex' || visit.shape.type !== 'string') continue;
      if (value?.kind !== 'scalar' || typeof value.value !== 'string' || isPresenceTest(visit, value)) continue;
      const finding = judge(resource, visit, value);
      if (finding !== undefined) yield finding;
    }
  },
});

/** In `withoutHeaders` a lone `*` stands for any value (`VALIDATION.md` VS-27). */
function isPresenceTest({ path }: Visit, { source }: ScalarNode): boolean {
  return source === '*' && path.at(-3) === 'withoutHeaders';
}

/** The id of our list of what Istio judges that speaks of a place (`schemas/validation.yaml`). */
function idsOf({ type, path }: Visit): readonly string[] {
  if (type === 'ProxyMatch') return ['EF-10'];
  if (type === 'RegexRewrite') return ['VS-69'];
  if (path.includes('allowOrigins')) return ['VS-36'];
  if (path.includes('headers') || path.includes('withoutHeaders')) return ['VS-27'];
  if (path.includes('queryParams')) return ['VS-30'];
  return path.at(-2) === 'uri' ? ['VS-28'] : ['VS-29'];
}

function judge(resource: TypedResource, visit: Visit, value: ScalarNode): Finding | undefined {
  const { type } = visit;
  const ids = idsOf(visit);
  const span = at(resource, value);
  const isVersion = type === 'ProxyMatch';
  if (value.source === '')
    return isVersion
      ? undefined
      : { at: span, message: 'the regular expression is empty', codes: refusal(...ids, 'COM-26') };
  const length = bytesOf(value.source);
  if (length > MAX_LENGTH) {
    const message = `the regular expression has ${length} bytes, and Istio takes at most ${MAX_LENGTH}`;
    return isVersion
      ? { at: span, message, severity: 'warning', codes: warned('EF-09'), refuses: false }
      : { at: span, message, codes: refusal(...ids, 'COM-27') };
  }
  const pattern = compilePattern(value.source);
  if (!('fault' in pattern)) return undefined;
  const fault = faultOf(value.source, pattern.fault);
  const rewritten = isVersion ? undefined : withoutLookahead(value.source);
  return {
    at: within(resource, value, fault) ?? span,
    message: `RE2 cannot read this regular expression: ${fault.message}`,
    codes: refusal(...ids, 'COM-28'),
    ...(rewritten === undefined ? {} : { fixes: [rewriting(resource, span, rewritten)] }),
  };
}

function rewriting({ document }: TypedResource, span: Span, pattern: string): Fix {
  // Between single quotes a backslash stands for itself.
  const text = document.text[span.start] === "'" ? pattern : pattern.replaceAll('\\', '\\\\');
  return { title: `Write it without the lookahead: ${pattern}`, edits: [replaceString(document, span, text)] };
}

/** The part of the pattern that is wrong, where it stands in the text as it is in the pattern. */
function within(resource: TypedResource, value: ScalarNode, { start, end }: Fault): Span | undefined {
  const raw = resource.document.text.slice(value.start, value.end);
  const offset = raw.indexOf(value.source);
  if (offset < 0 || end <= start) return undefined;
  return { anchor: resource.document, start: value.start + offset + start, end: value.start + offset + end };
}

/** Length in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
