import { changeTo } from '../edits.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { rulesOf } from './http-rules.ts';

const SCHEMES: readonly string[] = ['http', 'https'];

export const unknownScheme = resourceRule({
  id: 'virtual-service/unknown-scheme',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A redirect to a scheme other than `http` and `https`.',
  why: 'Istio refuses the VirtualService; the letters are small ones.',
  remedy: 'Write `http` or `https`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  http:
    - redirect: { scheme: HTTPS }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  http:
    - redirect: { scheme: https }
`,
  codes: ['IST0106', 'VS-58'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      const scheme = rule.object('redirect')?.string('scheme');
      if (scheme === undefined || scheme.value === '' || SCHEMES.includes(scheme.value)) continue;
      const meant = SCHEMES.find(known => known === scheme.value.toLowerCase().replace(/:?\/*$/, ''));
      yield {
        at: scheme,
        message: `${quoted(scheme.value)} is no scheme that Istio redirects to, which are "http" and "https"`,
        fixes: meant === undefined ? [] : [{ ...changeTo(vs.document, scheme, meant), preferred: true }],
      };
    }
  },
});
