import { removeEntry } from '../edits.ts';
import { refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { policyOf } from './policy.ts';

export const conflictingProvider = resourceRule({
  id: 'authorization-policy/conflicting-provider',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-03', 'AP-06'],
  summary: 'A provider that does not go with the action of the policy.',
  why: 'Only CUSTOM asks somebody else, and it has to know whom. Istio refuses a policy where the two do not go together.',
  remedy: 'Name the provider of the mesh configuration for CUSTOM, and none for other actions.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask }
spec:
  action: ALLOW
  provider: { name: oauth }
  rules: [{}]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ask }
spec:
  action: CUSTOM
  provider: { name: oauth }
  rules: [{}]
`,
  *check(resource) {
    const policy = policyOf(resource);
    if (policy === undefined) return;
    const { spec, action } = policy;
    if (action === 'CUSTOM') {
      const provider = spec.object('provider');
      const name = provider?.string('name');
      if (spec.count('rules') === 0 || (provider?.has('name') === true && name?.value !== '')) return;
      // A name under another key is a misspelt field, which is said already.
      if (provider !== undefined && name === undefined && provider.map.entries.length > 0) return;
      yield {
        at: name ?? (spec.has('provider') ? spec.key('provider') : (spec.string('action') ?? spec.head)),
        message: 'CUSTOM asks somebody outside, and "provider.name" has to say whom',
        ...refused('AP-03'),
      };
    } else if (spec.has('provider')) {
      const edit = removeEntry(spec.document, spec.map, 'provider');
      yield {
        at: spec.key('provider'),
        message: `only CUSTOM asks a provider, and this policy has the action ${quoted(action)}`,
        fixes: edit === undefined ? [] : [{ title: 'Remove "provider"', edits: [edit] }],
        ...refused('AP-06'),
      };
    }
  },
});
