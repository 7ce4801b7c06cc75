import { refusal } from '../codes.ts';
import { changeTo } from '../edits.ts';
import { domainFault, isAddress } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { blocksOf } from './settings.ts';

const PROTOCOLS: readonly string[] = ['CONNECT', 'POST'];

export const invalidTunnel = resourceRule({
  id: 'destination-rule/invalid-tunnel',
  severity: 'error',
  on: ['DestinationRule'],
  summary: 'A tunnel by an unknown method, or to what is no host.',
  why: 'A tunnel is opened with `CONNECT` or `POST` to one host. Istio refuses the DestinationRule.',
  remedy: 'Write one of the two methods in capital letters, and the name or address of one host, without a port.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: proxy }
spec:
  host: proxy
  trafficPolicy: { tunnel: { protocol: GET, targetHost: example.com, targetPort: 443 } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: proxy }
spec:
  host: proxy
  trafficPolicy: { tunnel: { protocol: CONNECT, targetHost: example.com, targetPort: 443 } }
`,
  codes: ['IST0106', 'DR-62', 'DR-63'],
  refuses: true,
  *check(rule, { schemas }) {
    for (const { fields } of blocksOf(rule, schemas.facts, 'TrafficPolicy')) {
      const tunnel = fields.object('tunnel');
      const protocol = tunnel?.string('protocol');
      const host = tunnel?.string('targetHost');
      if (protocol !== undefined && protocol.value !== '' && !PROTOCOLS.includes(protocol.value)) {
        const meant = PROTOCOLS.find(known => known === protocol.value.toUpperCase());
        yield {
          at: protocol,
          message: `${quoted(protocol.value)} opens no tunnel: it takes "CONNECT" or "POST"`,
          fixes: meant === undefined ? [] : [{ ...changeTo(rule.document, protocol, meant), preferred: true }],
          codes: refusal('DR-62'),
        };
      }
      const fault = host === undefined ? undefined : domainFault(host.value);
      if (host === undefined || fault === undefined || isAddress(host.value)) continue;
      yield {
        at: host,
        message: `${quoted(host.value)} is neither a host nor an address: ${fault.reason}`,
        codes: refusal('DR-63'),
      };
    }
  },
});
