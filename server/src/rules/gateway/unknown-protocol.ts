import { PROTOCOL_NAMES, parseProtocol } from '../../routing/protocol.ts';
import { refusal } from '../codes.ts';
import { changeTo } from '../edits.ts';
import { Fields } from '../fields.ts';
import { nearest } from '../nearest.ts';
import { resourceRule } from '../rule.ts';
import { oneOf, quoted } from '../words.ts';

export const unknownProtocol = resourceRule({
  id: 'gateway/unknown-protocol',
  severity: 'error',
  on: ['Gateway'],
  summary: 'A server speaks a protocol that Istio does not know.',
  why: 'The protocol decides whether requests are routed by host and path, by server name, or as bytes. Istio refuses the Gateway.',
  remedy: 'Write one of the protocols; `TCP` carries any bytes.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: public }
spec:
  selector: { istio: ingressgateway }
  servers:
    - port: { number: 80, name: http, protocol: HTTP1 }
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
      hosts: [shop.example.com]
`,
  codes: ['IST0106', 'GW-09', 'COM-20'],
  refuses: true,
  *check(gateway) {
    for (const server of Fields.spec(gateway, 'Gateway')?.objects('servers') ?? []) {
      const protocol = server.object('port')?.string('protocol');
      if (protocol === undefined || parseProtocol(protocol.value) !== 'unsupported') continue;
      const meant = nearest(protocol.value.toUpperCase(), PROTOCOL_NAMES);
      yield {
        at: protocol,
        message: `${quoted(protocol.value)} is no protocol that Istio knows: ${meant === undefined ? `it takes ${oneOf(PROTOCOL_NAMES)}` : `did you mean ${quoted(meant)}?`}`,
        fixes:
          meant === undefined || /^(HTTPS|TLS)$/.test(meant)
            ? []
            : [{ ...changeTo(gateway.document, protocol, meant), preferred: true }],
        codes: refusal('GW-09', 'COM-20'),
      };
    }
  },
});
