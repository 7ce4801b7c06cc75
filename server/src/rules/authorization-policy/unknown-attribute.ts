import { changeTo } from '../edits.ts';
import { refused } from '../fields.ts';
import { nearest } from '../nearest.ts';
import { resourceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';
import { policyOf } from './policy.ts';

/** Attributes of a request by which a rule may ask (Istio `security.ValidateAttribute`). */
const ATTRIBUTES: readonly string[] = [
  'source.ip',
  'remote.ip',
  'source.namespace',
  'source.serviceAccount',
  'source.principal',
  'source.trustDomain',
  'request.auth.principal',
  'request.auth.audiences',
  'request.auth.presenter',
  'destination.ip',
  'destination.port',
  'connection.sni',
];
/** Attributes with a name in brackets. */
const MAPS: readonly string[] = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
const RETIRED: Readonly<Record<string, string>> = {
  'destination.namespace': 'the namespace of the policy says it',
  'destination.name': 'the selector of the policy says it',
  'destination.user': 'the selector of the policy says it',
};

export const unknownAttribute = resourceRule({
  id: 'authorization-policy/unknown-attribute',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-22', 'AP-24', 'AP-26'],
  summary: 'A condition on an attribute that requests do not have.',
  why: 'Istio knows a fixed list of attributes, and refuses a policy that asks for another one.',
  remedy:
    'Correct the name. Headers and claims stand in brackets: `request.headers[x-tenant]`, `request.auth.claims[groups]`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ when: [{ key: "request.header[x-tenant]", values: [shop] }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: allow }
spec:
  rules: [{ when: [{ key: "request.headers[x-tenant]", values: [shop] }] }]
`,
  *check(resource) {
    for (const condition of policyOf(resource)?.rules.flatMap(rule => rule.conditions) ?? []) {
      const key = condition.string('key');
      if (key === undefined) continue;
      if (key.value === '') {
        yield { at: key, message: '"key" is empty: it names the attribute of the request', ...refused('AP-22') };
        continue;
      }
      // Without values Istio does not look at the name.
      if (condition.count('values') + condition.count('notValues') === 0) continue;
      const found = judge(key.value);
      if (found === undefined) continue;
      const { reason, id, meant } = found;
      yield {
        at: key,
        message: reason,
        fixes: meant === undefined ? [] : [{ ...changeTo(resource.document, key, meant), preferred: true }],
        ...refused(id),
      };
    }
  },
});

function judge(key: string): { reason: string; id: string; meant?: string } | undefined {
  const map = MAPS.find(prefix => key.startsWith(prefix));
  if (map !== undefined) {
    if (/^[^[]+\[[\s\S]+\]$/.test(key)) return undefined;
    const example = map === 'request.headers' ? 'x-tenant' : map === 'request.auth.claims' ? 'groups' : 'key';
    const name = key.slice(0, (key + '[').indexOf('['));
    return { reason: `${quoted(key)} lacks a name in brackets, as in "${name}[${example}]"`, id: 'AP-26' };
  }
  if (ATTRIBUTES.includes(key)) return undefined;
  const instead = RETIRED[key] ?? (key.startsWith('destination.labels') ? RETIRED['destination.name'] : undefined);
  if (instead !== undefined) return { reason: `${quoted(key)} is no longer an attribute: ${instead}`, id: 'AP-24' };
  const bracket = key.indexOf('[');
  const [name, rest] = bracket < 0 ? [key, ''] : [key.slice(0, bracket), key.slice(bracket)];
  const candidates = rest === '' ? ATTRIBUTES : ['request.headers', 'request.auth.claims'];
  const near = nearest(name, candidates);
  const meant = near === undefined ? undefined : `${near}${rest}`;
  return {
    reason: `Istio knows no attribute ${quoted(key)}${orMeant(meant)}`,
    id: 'AP-24',
    ...(meant === undefined ? {} : { meant }),
  };
}
