import { Fields, refused } from '../fields.ts';
import { domainFault, isDnsLabel } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidEgressProxy = resourceRule({
  id: 'sidecar/invalid-egress-proxy',
  severity: 'error',
  on: ['Sidecar'],
  refuses: true,
  codes: ['IST0106', 'SC-37', 'SC-38'],
  summary: 'An egress proxy that cannot be used.',
  why: 'Requests to unknown hosts go to the proxy instead of straight out, so such requests must be allowed, and the proxy needs a full host name and a port.',
  remedy: 'Set `mode: ALLOW_ANY`, and write `host` in full and `port.number`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop, annotations: { galley.istio.io/analyze-suppress: IST0002 } }
spec:
  outboundTrafficPolicy:
    mode: ALLOW_ANY
    egressProxy: { host: egress.istio-system.svc.cluster.local }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop, annotations: { galley.istio.io/analyze-suppress: IST0002 } }
spec:
  outboundTrafficPolicy:
    mode: ALLOW_ANY
    egressProxy: { host: egress.istio-system.svc.cluster.local, port: { number: 443 } }
`,
  *check(sidecar) {
    const policy = Fields.spec(sidecar, 'Sidecar')?.object('outboundTrafficPolicy');
    const proxy = policy?.object('egressProxy');
    if (policy === undefined || proxy === undefined) return;
    const mode = policy.string('mode');
    if (mode?.value !== 'ALLOW_ANY') {
      const at = mode ?? policy.key('egressProxy');
      const message = 'an egress proxy takes requests to unknown hosts, so it needs "mode: ALLOW_ANY"';
      yield { at, message, ...refused('SC-37') };
      return;
    }
    const host = proxy.string('host');
    const fault = host === undefined ? undefined : domainFault(host.value);
    if (host !== undefined && fault !== undefined) {
      yield {
        at: host,
        message: `${quoted(host.value)} is no full host name: ${fault.reason}`,
        ...refused('SC-38', fault.id),
      };
    }
    const subset = proxy.string('subset');
    if (subset !== undefined && subset.value !== '' && !isDnsLabel(subset.value)) {
      yield { at: subset, message: `${quoted(subset.value)} is no name of a subset`, ...refused('SC-38') };
    }
    const number = proxy.object('port')?.number('number');
    if (!proxy.has('port')) {
      yield { at: policy.key('egressProxy'), message: 'an egress proxy needs a "port"', ...refused('SC-38') };
    } else if ((number?.value ?? 0) < 1 || (number?.value ?? 0) > 65535) {
      yield {
        at: number ?? proxy.key('port'),
        message: `${number === undefined ? '"port" has no number' : `${number.value} is no number of a port`}: they go from 1 to 65535`,
        ...refused('SC-38', 'COM-03'),
      };
    }
  },
});
