import { resourceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';
import { ANNOTATIONS, annotatedOf } from './annotations.ts';

export const misplacedAnnotation = resourceRule({
  id: 'metadata/misplaced-annotation',
  severity: 'warning',
  on: ['Namespace', 'Service', 'Workload'],
  codes: ['IST0107'],
  summary: 'An annotation of Istio’s on a kind of object for which Istio does not read it.',
  why: 'It has no effect there. The usual case is an annotation for pods that stands at the Deployment and not in its pod template.',
  remedy: 'Move it to the object that it is for; for pods that is `spec.template.metadata.annotations`.',
  invalid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews, annotations: { sidecar.istio.io/proxyCPU: 100m } }
spec: { template: { metadata: { labels: { app: reviews } } } }
`,
  valid: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: reviews }
spec: { template: { metadata: { labels: { app: reviews }, annotations: { sidecar.istio.io/proxyCPU: 100m } } } }
`,
  *check(resource) {
    for (const { kind, annotations } of annotatedOf(resource)) {
      for (const { key } of annotations) {
        const known = ANNOTATIONS.get(key.value);
        if (known === undefined || known.on.includes('Any') || known.on.includes(kind)) continue;
        const isForPods = known.on.includes('Pod') && resource.type === 'Workload';
        yield {
          at: key,
          message: `${quoted(key.value)} does nothing at a ${kind}: Istio reads it at ${isForPods ? 'pods, so write it into "spec.template.metadata.annotations"' : `the kind ${oneOf(known.on)}`}`,
        };
      }
    }
  },
});
