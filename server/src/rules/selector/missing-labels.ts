import { removeEntry } from '../edits.ts';
import { acceptedWithWarning } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { SELECTING, selectorIds, selectorOf } from './selectors.ts';

export const missingLabels = resourceRule({
  id: 'selector/missing-labels',
  severity: 'warning',
  on: SELECTING,
  codes: ['IST0133', 'COM-36', 'COM-38'],
  summary: 'A selector without labels.',
  why: 'It selects every workload of the namespace, as if it were not there; who writes a selector mostly means fewer.',
  remedy: 'Name the labels of the workloads that are meant, or remove the selector.',
  invalid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict }
spec:
  selector: {}
  mtls: { mode: STRICT }
`,
  valid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict }
spec:
  mtls: { mode: STRICT }
`,
  *check(resource) {
    const selector = selectorOf(resource);
    if (selector === undefined) return;
    const { spec, field, labels, object } = selector;
    // By port TLS needs labels, which is said as an error.
    if (object.entries(labels).length > 0 || spec.entries('portLevelMtls').length > 0) return;
    const edit = removeEntry(spec.document, spec.map, field);
    yield {
      at: spec.key(field),
      message: `${quoted(field)} has no labels, so it selects every workload of the namespace`,
      fixes: edit === undefined ? [] : [{ title: `Remove "${field}"`, edits: [edit] }],
      ...acceptedWithWarning(...selectorIds(resource), selector.isOld ? 'COM-38' : 'COM-36'),
    };
  },
});
