import { refusal } from '../codes.ts';
import { Fields } from '../fields.ts';
import { isAddress, socketFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

const SOCKET = 'unix://';

export const invalidBind = resourceRule({
  id: 'gateway/invalid-bind',
  severity: 'error',
  on: ['Gateway'],
  summary: 'A server listens on what is neither an address nor a socket.',
  why: '`bind` is an IP address, or `unix://` and the path of a socket, whose port is 0. Istio refuses the Gateway.',
  remedy: 'Leave `bind` out to listen on every address.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      bind: localhost
      hosts: [shop.example.com]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      bind: 127.0.0.1
      hosts: [shop.example.com]
`,
  codes: ['IST0106', 'GW-13', 'GW-14', 'COM-14', 'COM-16'],
  refuses: true,
  *check(gateway) {
    for (const server of Fields.spec(gateway, 'Gateway')?.objects('servers') ?? []) {
      const bind = server.string('bind');
      if (bind === undefined || bind.value === '') continue;
      if (!bind.value.startsWith(SOCKET)) {
        if (isAddress(bind.value)) continue;
        yield {
          at: bind,
          message: `${quoted(bind.value)} is no IP address to listen on`,
          codes: refusal('GW-13', 'COM-14'),
        };
        continue;
      }
      const fault = socketFault(bind.value.slice(SOCKET.length));
      if (fault !== undefined) {
        yield {
          at: bind,
          message: `${quoted(bind.value)} is no socket to listen on: ${fault}`,
          codes: refusal('GW-13', 'COM-16'),
        };
      }
      const number = server.object('port')?.number('number');
      if (number === undefined || number.value === 0) continue;
      const message = `a server on a socket has no port, so its number is 0 and not ${number.value}`;
      yield { at: number, message, related: [{ at: bind, message: 'the socket' }], codes: refusal('GW-14') };
    }
  },
});
