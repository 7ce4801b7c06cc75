import { refusal } from '../codes.ts';
import { isDnsLabel } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { rulesOf } from './http-rules.ts';

export const invalidNamespace = resourceRule({
  id: 'virtual-service/invalid-namespace',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A `sourceNamespace` that is no name of a namespace.',
  why: 'It is compared with the namespace of the client letter by letter, without wildcards. Istio refuses anything that no namespace is called.',
  remedy: 'Write the name of one namespace. For several, write several matches.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ sourceNamespace: "shop-*" }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ sourceNamespace: shop-front }]
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-33'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      for (const match of rule.objects('match')) {
        const namespace = match.string('sourceNamespace');
        if (namespace === undefined || namespace.value === '' || isDnsLabel(namespace.value)) continue;
        yield {
          at: namespace,
          message: `${quoted(namespace.value)} is no name of a namespace: it takes up to 63 letters, digits and inner hyphens`,
          codes: refusal('VS-33', 'COM-18'),
        };
      }
    }
  },
});
