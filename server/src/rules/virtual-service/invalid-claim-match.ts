import { bindsMesh } from '../../model/references.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidClaimMatch = resourceRule({
  id: 'virtual-service/invalid-claim-match',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A match asks whether a claim of a JWT is there, whatever its value.',
  why: 'Istio takes it, and makes a condition without a pattern of it that Envoy refuses, with the whole route configuration of the port.',
  remedy: 'Ask for a value: `exact`, `prefix`, or `regex: .+` for any.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: members }
spec:
  hosts: [members.example.com]
  gateways: [infra/public]
  http:
    - match: [{ headers: { '@request.auth.claims.sub': {} } }]
      route: [{ destination: { host: members } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: members }
spec:
  hosts: [members.example.com]
  gateways: [infra/public]
  http:
    - match: [{ headers: { '@request.auth.claims.sub': { regex: .+ } } }]
      route: [{ destination: { host: members } }]
`,
  *check(vs) {
    // In the mesh Istio refuses claims altogether.
    if (bindsMesh(vs)) return;
    for (const { match } of vs.http) {
      for (const { headers, withoutHeaders } of match) {
        for (const { key, value } of [...headers, ...withoutHeaders]) {
          if (!key.value.startsWith('@request.auth.claims') || value.kind !== 'present') continue;
          yield {
            at: key,
            message: `${quoted(key.value)} is asked for without a value, which Envoy refuses together with all routes of the port; write "regex: .+" for any value`,
          };
        }
      }
    }
  },
});
