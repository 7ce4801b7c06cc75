import type { Span } from '../../text/range.ts';
import { refusal, warned } from '../codes.ts';
import { resourceRule } from '../rule.ts';
import { rulesOf } from './http-rules.ts';

/** Bytes from which on Istio warns, and those from which on it refuses (`validateHTTPDirectResponse`). */
const WARNED = 100 * 1024;
const REFUSED = 1024 * 1024;

export const invalidBody = resourceRule({
  id: 'virtual-service/invalid-body',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  summary: 'The body of a direct response is very large.',
  why: 'It becomes a part of every route table that is pushed to every proxy. Istio warns from 100 KiB on, and refuses more than 1 MiB.',
  remedy: 'Serve it from a workload, and route to that.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: maintenance }
spec:
  hosts: [shop.example.com]
  http:
    - directResponse: { status: 503, body: { string: "${'sorry '.repeat(18_000)}" } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: maintenance }
spec:
  hosts: [shop.example.com]
  http:
    - directResponse: { status: 503, body: { string: sorry } }
`,
  codes: ['IST0106', 'VS-60', 'VS-61'],
  refuses: true,
  *check(vs) {
    for (const rule of rulesOf(vs, 'http')) {
      const body = rule.object('directResponse')?.object('body');
      const string = body?.string('string');
      const bytes = body?.string('bytes');
      const size =
        string !== undefined
          ? bytesOf(string.value)
          : Math.floor(((bytes?.value ?? '').replace(/=+$/, '').length * 3) / 4);
      if (body === undefined || size <= WARNED) continue;
      const at: Span = body.key(string !== undefined ? 'string' : 'bytes');
      yield size > REFUSED
        ? {
            at,
            message: `this body has ${kib(size)} KiB, and Istio takes at most ${kib(REFUSED)}`,
            codes: refusal('VS-60'),
          }
        : {
            at,
            message: `this body has ${kib(size)} KiB and goes to every proxy in every push; above ${kib(WARNED)} Istio warns`,
            severity: 'warning',
            refuses: false,
            codes: warned('VS-61'),
          };
    }
  },
});

function kib(bytes: number): number {
  return Math.round(bytes / 1024);
}

/** Length in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a pair stands for two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
