import { refusal } from '../codes.ts';
import { Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { quoted } from '../words.ts';
import { Suspects } from './http-rules.ts';

export const missingRoutes = resourceRule({
  id: 'virtual-service/missing-routes',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A VirtualService, or a rule of one, that does not say what happens to requests.',
  why: 'Istio refuses a VirtualService without any rule, and a rule that neither routes nor redirects nor answers.',
  remedy: 'Add a `route` with a destination, a `redirect` or a `directResponse`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /v2 } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /v2 } }]
      route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-12', 'VS-24', 'VS-89', 'VS-90'],
  refuses: true,
  *check(vs, { schemas }) {
    const spec = Fields.spec(vs, 'VirtualService');
    if (!isPlain(vs, schemas, spec?.map ?? vs.node)) return;
    if (spec === undefined || ['http', 'tcp', 'tls'].every(list => spec.lacks(list))) {
      yield {
        at: spec === undefined ? vs.kindAt : (spec.keyOf('http', 'tcp', 'tls') ?? spec.head),
        message: 'this VirtualService has no rules, neither in "http" nor in "tcp" nor in "tls", so Istio refuses it',
        codes: refusal('VS-12'),
      };
      return;
    }
    const idle = (list: 'tls' | 'tcp'): readonly Fields[] =>
      spec.objects(list).filter(rule => rule.lacks('route') && isPlain(vs, schemas, rule.map));
    for (const rule of suspects.of(vs)) {
      if (!isPlain(vs, schemas, rule.map)) continue;
      yield {
        at: rule.keyOf('route') ?? rule.head,
        message:
          'this rule does nothing with a request, so Istio refuses the VirtualService: it needs "route", "redirect" or "directResponse"',
        codes: refusal('VS-24'),
      };
    }
    for (const [list, id] of [
      ['tls', 'VS-89'],
      ['tcp', 'VS-90'],
    ] as const) {
      for (const rule of idle(list)) {
        yield {
          at: rule.keyOf('route') ?? rule.head,
          message: `this rule of ${quoted(list)} has no "route", so Istio refuses the VirtualService`,
          codes: refusal(id),
        };
      }
    }
  },
});

const suspects = new Suspects(
  rule =>
    rule.lacks('route') && !['redirect', 'directResponse', 'delegate'].some(field => rule.keyOf(field) !== undefined),
);
