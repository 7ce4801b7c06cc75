import { changeTo } from '../edits.ts';
import { nearest } from '../nearest.ts';
import { resourceRule } from '../rule.ts';
import { orMeant, quoted } from '../words.ts';
import { ANNOTATIONS, annotatedOf, CLOSED_DOMAINS } from './annotations.ts';

export const unknownAnnotation = resourceRule({
  id: 'metadata/unknown-annotation',
  severity: 'warning',
  on: ['Namespace', 'Service', 'Workload'],
  codes: ['IST0108'],
  summary: 'An annotation in one of Istio’s domains that Istio does not know.',
  why: 'Nobody reads it: what it was to switch stays as it was.',
  remedy: 'Correct the name; names of annotations are compared letter by letter, capitals included.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, annotations: { networking.istio.io/exportsTo: '.' } }
spec: { ports: [{ name: http, port: 80 }] }
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, annotations: { networking.istio.io/exportTo: '.' } }
spec: { ports: [{ name: http, port: 80 }] }
`,
  *check(resource) {
    for (const { annotations } of annotatedOf(resource)) {
      for (const { key } of annotations) {
        const slash = key.value.indexOf('/');
        const [domain, name] = [key.value.slice(0, slash), key.value.slice(slash + 1)];
        if (ANNOTATIONS.has(key.value) || !CLOSED_DOMAINS.includes(domain)) continue;
        const siblings = [...ANNOTATIONS.keys()].filter(known => known.startsWith(`${domain}/`));
        const guess = nearest(
          name,
          siblings.map(known => known.slice(domain.length + 1)),
        );
        const meant = guess === undefined ? undefined : `${domain}/${guess}`;
        yield {
          at: key,
          message: `Istio knows no annotation ${quoted(key.value)}, so it does nothing${orMeant(meant)}`,
          fixes: meant === undefined ? [] : [{ ...changeTo(resource.document, key, meant), preferred: true }],
        };
      }
    }
  },
});
