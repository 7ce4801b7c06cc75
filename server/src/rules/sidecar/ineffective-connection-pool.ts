import { acceptedWithWarning, Fields } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { isHttp } from '../service-entry/protocols.ts';
import { quoted } from '../words.ts';

export const ineffectiveConnectionPool = resourceRule({
  id: 'sidecar/ineffective-connection-pool',
  severity: 'warning',
  on: ['Sidecar'],
  codes: ['IST0133', 'SC-21'],
  summary: 'HTTP settings of a connection pool on a port that is not HTTP.',
  why: 'Envoy does not read requests on such a port, so only the TCP settings count.',
  remedy: 'Move the limits to `tcp`, or correct the protocol of the port.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 5432, protocol: TCP, name: tcp }
      defaultEndpoint: 127.0.0.1:5432
      connectionPool: { http: { http2MaxRequests: 100 } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default, namespace: shop }
spec:
  ingress:
    - port: { number: 8080, protocol: HTTP, name: http }
      defaultEndpoint: 127.0.0.1:8080
      connectionPool: { http: { http2MaxRequests: 100 } }
`,
  *check(sidecar) {
    for (const listener of Fields.spec(sidecar, 'Sidecar')?.objects('ingress') ?? []) {
      const pool = listener.object('connectionPool');
      const port = listener.object('port');
      if (pool?.object('http') === undefined || port === undefined) continue;
      const protocol = port.string('protocol')?.value ?? '';
      if (isHttp(protocol)) continue;
      yield {
        at: pool.key('http'),
        message: `these settings do nothing: the port ${protocol === '' ? 'names no protocol' : `has the protocol ${quoted(protocol)}`}, and they are for HTTP`,
        ...acceptedWithWarning('SC-21'),
      };
    }
  },
});
