import type { Located, Span } from '../../text/range.ts';
import { refusal } from '../codes.ts';
import { resourceRule } from '../rule.ts';
import { rulesOf } from './http-rules.ts';

export const duplicateAuthority = resourceRule({
  id: 'virtual-service/duplicate-authority',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'The host that the service sees is set in two ways.',
  why: '`rewrite.authority` and the request headers `:authority` and `host` are one and the same. Istio refuses the VirtualService, since only one of them could win.',
  remedy: 'Keep one of them.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - rewrite: { authority: a.example.com }
      headers: { request: { set: { host: b.example.com } } }
      route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - rewrite: { authority: a.example.com }
      route: [{ destination: { host: shop } }]
`,
  codes: ['IST0106', 'VS-70'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      const rewrite = rule.object('rewrite')?.string('authority');
      const changes = rule.object('headers')?.object('request');
      const places: Span[] = rewrite === undefined || rewrite.value === '' ? [] : [rewrite];
      for (const operation of ['set', 'add']) {
        for (const { key, value } of changes?.strMap(operation) ?? [])
          if (isAuthority(key) && value.value !== '') places.push(key);
      }
      const [first, second] = places;
      if (first === undefined || second === undefined) continue;
      yield {
        at: second,
        message: 'the host that the service sees is set a second time, so Istio refuses the VirtualService',
        related: [{ at: first, message: 'the first time' }],
        codes: refusal('VS-70'),
      };
    }
  },
});

function isAuthority({ value }: Located<string>): boolean {
  return /^(:authority|host)$/i.test(value);
}
