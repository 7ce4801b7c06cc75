import { cover } from '../../text/range.ts';
import { labelOf } from '../namespaces.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { ANNOTATIONS, annotatedOf } from './annotations.ts';

export const deprecatedAnnotation = resourceRule({
  id: 'metadata/deprecated-annotation',
  severity: 'information',
  on: ['Namespace', 'Service', 'Workload'],
  codes: ['IST0135'],
  summary: 'An annotation that Istio calls deprecated.',
  why: 'It may stop to work with a later version of Istio.',
  remedy: 'Use what has taken its place: for `sidecar.istio.io/inject` the label of the same name.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec: { template: { metadata: { labels: { app: reviews }, annotations: { sidecar.istio.io/inject: 'false' } } } }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec: { template: { metadata: { labels: { app: reviews, sidecar.istio.io/inject: 'false' } } } }
`,
  *check(resource) {
    for (const { annotations, labels } of annotatedOf(resource)) {
      for (const { key, value } of annotations) {
        const known = ANNOTATIONS.get(key.value);
        // Who has the label as well keeps the annotation for older versions.
        if (known?.deprecated !== true || labelOf(labels, key.value) !== undefined) continue;
        yield {
          at: known.successor === undefined ? key : cover(key, value),
          message: `the annotation ${quoted(key.value)} is deprecated and may stop to work${known.successor === undefined ? '' : `; use ${known.successor}`}`,
          deprecated: true,
        };
      }
    }
  },
});
