import { refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { policyOf } from './policy.ts';

export const missingRules = resourceRule({
  id: 'authorization-policy/missing-rules',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'AP-02', 'AP-07'],
  summary: 'A policy with the action DENY or CUSTOM and without rules.',
  why: 'A policy acts on requests that one of its rules matches; without rules it never does. Istio refuses such a policy, since who writes one means every request.',
  remedy: 'Write `rules: [{}]` to mean every request, or the rules that were meant.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny-all }
spec:
  action: DENY
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: deny-all }
spec:
  action: DENY
  rules: [{}]
`,
  *check(resource) {
    const policy = policyOf(resource);
    if (policy === undefined || !['DENY', 'CUSTOM'].includes(policy.action)) return;
    const { spec, action } = policy;
    // An empty list is none to Istio's decoder; anything else is for the schema to say.
    if (spec.node('rules') !== undefined && !spec.isEmptyList('rules')) return;
    yield {
      at: spec.isEmptyList('rules') ? spec.key('rules') : (spec.string('action') ?? spec.head),
      message: `${action} without rules never applies to a request: "rules: [{}]" means every one`,
      ...refused(action === 'DENY' ? 'AP-07' : 'AP-02'),
    };
  },
});
