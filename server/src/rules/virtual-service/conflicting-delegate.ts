import { refusal } from '../codes.ts';
import { removeEntry } from '../edits.ts';
import { Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { quoted } from '../words.ts';

export const conflictingDelegate = resourceRule({
  id: 'virtual-service/conflicting-delegate',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A VirtualService without hosts that says more than a delegate may.',
  why: 'Without `hosts` it is a delegate: the VirtualService that hands over to it decides hosts and gateways, and only HTTP rules can be handed over. Istio refuses it.',
  remedy: 'Add `hosts`, or remove what a delegate may not have.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  gateways: [public]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  http:
    - route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-01', 'VS-02', 'VS-03'],
  refuses: true,
  *check(vs, { schemas }) {
    const spec = Fields.spec(vs, 'VirtualService');
    if (spec === undefined || !spec.lacks('hosts') || !isPlain(vs, schemas, spec.map)) return;
    for (const [field, id] of [
      ['gateways', 'VS-01'],
      ['tls', 'VS-02'],
      ['tcp', 'VS-03'],
    ] as const) {
      if (spec.count(field) === 0) continue;
      const edit = removeEntry(spec.document, spec.map, field);
      const other =
        field === 'gateways'
          ? 'the VirtualService that hands over to it names the gateways'
          : 'only HTTP rules can be handed over';
      yield {
        at: spec.key(field),
        message: `without "hosts" this is a delegate, and Istio refuses one with ${quoted(field)}: ${other}`,
        fixes: edit === undefined || field !== 'gateways' ? [] : [{ title: 'Remove "gateways"', edits: [edit] }],
        codes: refusal(id),
      };
    }
  },
});
