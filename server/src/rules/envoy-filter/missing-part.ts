import { refused } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { type ConfigPatch, patchesOf } from './patches.ts';

export const missingPart = resourceRule({
  id: 'envoy-filter/missing-part',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'EF-05', 'EF-06', 'EF-07', 'EF-08'],
  summary: 'A patch that does not say what it changes, how, or into what.',
  why: 'A patch needs what it is applied to, an operation and, unless it removes something, a value. Istio refuses the EnvoyFilter otherwise.',
  remedy: 'Add the part that is missing.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: CLUSTER
      patch: { operation: MERGE }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: CLUSTER
      patch: { operation: MERGE, value: { per_connection_buffer_limit_bytes: 32768 } }
`,
  *check(resource) {
    for (const patch of patchesOf(resource)) {
      const finding = patch.isWaypoint ? undefined : judge(patch);
      if (finding !== undefined) yield finding;
    }
  },
});

/** The first part that is missing, in the order in which Istio looks for them. */
function judge({ fields, applyTo, patch, operation }: ConfigPatch): Finding | undefined {
  const isMisspelt = fields.map.entries.some(({ key }) => !['applyTo', 'match', 'patch'].includes(key.source));
  if (applyTo === undefined) {
    const written = fields.node('applyTo');
    if (isMisspelt || (written !== undefined && fields.string('applyTo')?.value !== 'INVALID')) return undefined;
    const at = fields.string('applyTo') ?? fields.head;
    return { at, message: 'this patch lacks "applyTo", which says what it changes', ...refused('EF-05') };
  }
  if (patch === undefined) {
    if (isMisspelt || fields.node('patch') !== undefined) return undefined;
    return { at: applyTo, message: 'this patch lacks "patch", which says how and into what', ...refused('EF-06') };
  }
  const hasUnknown = patch.map.entries.some(({ key }) => !['operation', 'value', 'filterClass'].includes(key.source));
  if (operation === undefined) {
    const text = patch.string('operation');
    if (hasUnknown || (patch.node('operation') !== undefined && text?.value !== 'INVALID')) return undefined;
    return { at: text ?? fields.key('patch'), message: '"patch" lacks "operation"', ...refused('EF-07') };
  }
  if (operation.value === 'REMOVE' || patch.has('value') || hasUnknown) return undefined;
  return {
    at: patch.node('value') === undefined ? operation : patch.key('value'),
    message: `${quoted(operation.value)} needs a "value": only REMOVE does without`,
    ...refused('EF-08'),
  };
}
