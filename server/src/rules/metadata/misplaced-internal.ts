import { refusal } from '../codes.ts';
import { ISTIO_TYPES, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

/** Annotations that only Istio itself writes, with the ids of the checks (Istio `validateMetadata`). */
const INTERNAL: ReadonlyMap<string, { readonly id: string; readonly meaning: string }> = new Map([
  [
    'internal.istio.io/webhook-always-reject',
    { id: 'META-04', meaning: 'asks Istio to refuse the resource, as its own tests do' },
  ],
  [
    'internal.istio.io/parents',
    { id: 'META-05', meaning: 'marks what Istio has made of a resource of the Gateway API' },
  ],
  [
    'internal.istio.io/parent-namespace',
    { id: 'META-05', meaning: 'marks what Istio has made of a resource of the Gateway API' },
  ],
]);

export const misplacedInternal = resourceRule({
  id: 'metadata/misplaced-internal',
  severity: 'error',
  on: ISTIO_TYPES,
  summary: 'An annotation that only Istio itself writes.',
  why: 'Istio marks what it makes of other resources with annotations below `internal.istio.io`. It refuses a resource that somebody else has marked so.',
  remedy: 'Remove the annotation. It comes with manifests that were exported from a running istiod.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  annotations: { internal.istio.io/parents: HTTPRoute/shop.default }
spec:
  hosts: [shop.example.com]
  http: [{ route: [{ destination: { host: shop } }] }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  http: [{ route: [{ destination: { host: shop } }] }]
`,
  codes: ['IST0106', 'META-04', 'META-05'],
  refuses: true,
  *check(resource) {
    for (const { key } of resource.annotations) {
      const known = INTERNAL.get(key.value);
      if (known === undefined) continue;
      yield {
        at: key,
        message: `${quoted(key.value)} ${known.meaning}, so Istio refuses it from anybody else`,
        codes: refusal(known.id),
      };
    }
  },
});
