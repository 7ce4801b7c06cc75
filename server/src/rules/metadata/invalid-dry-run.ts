import { annotation } from '../../model/resource.ts';
import { refusal } from '../codes.ts';
import { changeTo } from '../edits.ts';
import { Fields } from '../fields.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { keyOfAnnotation } from './keys.ts';

const DRY_RUN = 'istio.io/dry-run';
/** What Go reads as a boolean. */
const BOOLEANS: readonly string[] = ['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False'];

export const invalidDryRun = resourceRule({
  id: 'metadata/invalid-dry-run',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'A dry run where there is none, or with a value that is not yes or no.',
  why: 'Only an AuthorizationPolicy that allows or denies can be tried without effect, by the annotation `istio.io/dry-run`. Istio refuses the annotation elsewhere, since the resource would take effect.',
  remedy: 'Remove the annotation, or write `"true"` or `"false"`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  annotations: { istio.io/dry-run: "true" }
spec: { mtls: { mode: STRICT } }
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-all
  annotations: { istio.io/dry-run: "true" }
spec: { action: DENY, rules: [{}] }
`,
  codes: ['IST0106', 'META-01', 'META-02', 'META-03'],
  refuses: true,
  *check(resource) {
    const value = annotation(resource, DRY_RUN);
    const key = keyOfAnnotation(resource, DRY_RUN);
    if (value === undefined || key === undefined) return;
    if (resource.kind !== 'AuthorizationPolicy') {
      const message = `only an AuthorizationPolicy has a dry run, so Istio refuses ${quoted(DRY_RUN)} on a ${resource.kind}`;
      yield { at: key, message, codes: refusal('META-01') };
      return;
    }
    const action = Fields.spec(resource, 'AuthorizationPolicy')?.string('action')?.value ?? 'ALLOW';
    if (action !== 'ALLOW' && action !== 'DENY') {
      const message = `a policy with the action ${quoted(action)} has no dry run, so Istio refuses ${quoted(DRY_RUN)}: only ALLOW and DENY have one`;
      yield { at: key, message, codes: refusal('META-03') };
    } else if (!BOOLEANS.includes(value.value)) {
      const meant = /^(yes|on|y)$/i.test(value.value)
        ? 'true'
        : /^(no|off|n)$/i.test(value.value)
          ? 'false'
          : undefined;
      yield {
        at: value,
        message: `${quoted(value.value)} is neither "true" nor "false", so Istio refuses the policy`,
        fixes: meant === undefined ? [] : [{ ...changeTo(resource.document, value, meant), preferred: true }],
        codes: refusal('META-02'),
      };
    }
  },
});
