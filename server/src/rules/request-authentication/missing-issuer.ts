import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';

export const missingIssuer = resourceRule({
  id: 'request-authentication/missing-issuer',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'RA-03'],
  summary: 'A rule for tokens that says neither who issues them nor where the keys are.',
  why: 'Without one of the two there is no token that it could be about. Istio refuses it; `jwks` alone is not enough.',
  remedy: 'Add the `issuer`, as the tokens have it in `iss`.',
  invalid: `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens }
spec:
  jwtRules: [{ audiences: [shop] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens }
spec:
  jwtRules: [{ issuer: https://login.example.com, audiences: [shop] }]
`,
  *check(resource) {
    for (const rule of Fields.spec(resource, 'RequestAuthentication')?.objects('jwtRules') ?? []) {
      // An empty issuer is for the schema to say; Istio's decoder knows `jwks_uri` as well.
      if (['issuer', 'jwksUri', 'jwks_uri'].some(field => rule.has(field)) || isMisspelt(rule)) continue;
      yield {
        at: rule.head,
        message: 'this rule has neither "issuer" nor "jwksUri", so it is about no token',
        ...refused('RA-03'),
      };
    }
  },
});

function isMisspelt(rule: Fields): boolean {
  return rule.map.entries.some(({ key }) => /^(iss|jwks)/i.test(key.source) && key.source !== 'jwks');
}
