import type { Located } from '../../text/range.ts';
import { refusal } from '../codes.ts';
import type { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { rulesOf } from './http-rules.ts';
import { isClaim } from './misplaced-claim.ts';

export const invalidHeaderName = resourceRule({
  id: 'virtual-service/invalid-header-name',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A text that is no name of a header, or of one that cannot be changed.',
  why: 'Names of headers have letters, digits and a few signs. What Envoy makes of the first line of a request, such as `:path`, can be matched but not set. Istio refuses the VirtualService.',
  remedy: 'Correct the name. To change the host that the service sees, set `:authority` or use `rewrite.authority`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - headers: { request: { set: { "x user": jason } } }
      match: [{ headers: { "x user": { exact: jason } } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - headers: { request: { set: { x-user: jason } } }
      match: [{ headers: { x-user: { exact: jason } } }]
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'COM-31', 'COM-32', 'COM-33', 'VS-27', 'VS-34', 'VS-38', 'VS-76'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      for (const match of rule.objects('match')) {
        for (const { key } of [...match.entries('headers'), ...match.entries('withoutHeaders')]) yield* matched(key);
      }
      yield* operations(rule.object('headers'), 'VS-34');
      for (const entry of rule.objects('route')) yield* operations(entry.object('headers'), 'VS-76');
      const cors = rule.object('corsPolicy');
      for (const list of ['allowHeaders', 'exposeHeaders'])
        for (const name of cors?.strings(list) ?? []) yield* ofCors(name);
    }
  },
});

/** A name of a header by RFC 7230. */
const TOKEN = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;
const PSEUDO: readonly string[] = [':method', ':scheme', ':authority', ':path', ':status'];
const FORM = 'the name of a header has letters, digits, "-" and a few other signs, and no blanks';

function* matched(key: Located<string>): Generator<Finding> {
  const { value: name } = key;
  if (TOKEN.test(name) || PSEUDO.includes(name) || isClaim(name)) return;
  const message = name === '' ? 'this header has no name' : `${quoted(name)} is no name of a header: ${reasonOf(name)}`;
  yield { at: key, message, codes: refusal('VS-27', 'COM-33') };
}

function reasonOf(name: string): string {
  if (name.startsWith('@')) return 'claims of a JWT are written "@request.auth.claims.name"';
  return name.startsWith(':') ? `of what begins with a colon there are only ${PSEUDO.map(quoted).join(', ')}` : FORM;
}

function* operations(headers: Fields | undefined, id: string): Generator<Finding> {
  for (const side of ['request', 'response']) {
    const changes = headers?.object(side);
    if (changes === undefined) continue;
    for (const operation of ['add', 'set', 'remove']) {
      const isOfRequest = side === 'request' && operation !== 'remove';
      const names =
        operation === 'remove' ? changes.strings('remove') : changes.entries(operation).map(({ key }) => key);
      for (const name of names) {
        const fault = operationFault(name.value, isOfRequest, operation);
        if (fault === undefined) continue;
        yield { at: name, message: fault, codes: refusal(id, isOfRequest ? 'COM-31' : 'COM-32') };
      }
    }
  }
}

/** Istio `ValidateHTTPHeaderOperationName` and `ValidateHTTPHeaderWithAuthorityOperationName`. */
function operationFault(name: string, isOfRequest: boolean, operation: string): string | undefined {
  if (name === '') return 'this header has no name';
  const done = operation === 'remove' ? 'removed' : 'set';
  if (name.toLowerCase() === 'host')
    return isOfRequest
      ? undefined
      : `${quoted(name)} cannot be ${done} here: every request has a host, and answers have none`;
  if (!name.startsWith(':') || (isOfRequest && name.toLowerCase() === ':authority')) return undefined;
  return `${quoted(name)} cannot be ${done}: names with a colon are Envoy's own, ${isOfRequest ? 'and only ":authority" may be changed' : 'and stay as they are'}`;
}

/** Istio `ValidateCORSHTTPHeaderName`. */
function* ofCors(name: Located<string>): Generator<Finding> {
  if (name.value === '*' || TOKEN.test(name.value)) return;
  const message =
    name.value === '' ? 'this header has no name' : `${quoted(name.value)} is no name of a header: ${FORM}`;
  yield { at: name, message, codes: refusal('VS-38') };
}
