import { refusal } from '../codes.ts';
import { resourceRule } from '../rule.ts';
import { rulesOf } from './http-rules.ts';

export const misplacedPrefixRewrite = resourceRule({
  id: 'virtual-service/misplaced-prefix-rewrite',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A redirect replaces a prefix of the path, and a match of its rule has none.',
  why: '`prefixRewrite` takes the place of the prefix that the match has found. Istio refuses it when a match of the rule asks for the path in another way.',
  remedy: 'Match by `prefix`, or replace the whole path with `uri`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { exact: /old } }]
      redirect: { prefixRewrite: /new }
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /old } }]
      redirect: { prefixRewrite: /new }
    - route: [{ destination: { host: shop } }]
`,
  codes: ['IST0106', 'VS-55'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      const prefix = rule.object('redirect')?.string('prefixRewrite');
      if (prefix === undefined || prefix.value === '') continue;
      const other = rule
        .objects('match')
        .map(match => match.object('uri'))
        .find(uri => uri !== undefined && !uri.has('prefix'));
      if (other === undefined) continue;
      const at = other.keyOf('exact', 'regex') ?? other.head;
      yield {
        at: prefix,
        message: `"prefixRewrite" takes the place of a matched prefix, and a match of this rule has no "prefix", so Istio refuses the VirtualService`,
        related: [{ at, message: 'matches the path in another way' }],
        codes: refusal('VS-55'),
      };
    }
  },
});
