import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { rulesOf } from './http-rules.ts';

export const misplacedClaim = resourceRule({
  id: 'virtual-service/misplaced-claim',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A match on a claim of a JWT in a VirtualService of the mesh.',
  why: 'Only gateways route by the claims of a token. Istio refuses the VirtualService when its routes are for sidecars too.',
  remedy: 'Name the gateways alone, without `mesh`; in the mesh, match a header that the gateway sets.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ headers: { "@request.auth.claims.group": { exact: admin } } }]
      route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example.com]
  gateways: [istio-system/public]
  http:
    - match: [{ headers: { "@request.auth.claims.group": { exact: admin } } }]
      route: [{ destination: { host: shop } }]
`,
  codes: ['IST0106', 'VS-08'],
  refuses: true,
  *check(vs) {
    const gateways = vs.gateways.map(({ value }) => value);
    if (gateways.length > 0 && !gateways.includes('mesh')) return;
    const why =
      gateways.length === 0 ? 'a VirtualService without "gateways" is for sidecars' : '"mesh" stands for the sidecars';
    for (const rule of rulesOf(vs, 'http')) {
      for (const match of rule.objects('match')) {
        for (const { key } of [...match.entries('headers'), ...match.entries('withoutHeaders')]) {
          if (!isClaim(key.value)) continue;
          yield {
            at: key,
            message: `only gateways match claims of a JWT such as ${quoted(key.value)}, and ${why}, so Istio refuses the VirtualService`,
          };
        }
      }
    }
  },
});

/** Istio `jwt.ToRoutingClaim`: the prefix, and at least one name behind it. */
export function isClaim(header: string): boolean {
  return /^@request\.auth\.claims(\..+|\[.+\])$/i.test(header);
}
