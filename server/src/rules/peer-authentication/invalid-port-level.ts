import { Fields, refused } from '../fields.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidPortLevel = resourceRule({
  id: 'peer-authentication/invalid-port-level',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'PA-01', 'PA-03', 'CEL-25', 'CEL-26'],
  summary: 'TLS by port for a whole namespace, or for something that is no port.',
  why: 'Ports are those of workloads, so the workloads have to be selected. Istio and the API server refuse the policy otherwise.',
  remedy:
    'Add a `selector` with the labels of the workloads, and write numbers of their own ports, not of the Service.',
  invalid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict }
spec:
  mtls: { mode: STRICT }
  portLevelMtls: { 8080: { mode: DISABLE } }
`,
  valid: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict }
spec:
  selector: { matchLabels: { app: reviews } }
  mtls: { mode: STRICT }
  portLevelMtls: { 8080: { mode: DISABLE } }
`,
  *check(resource) {
    const spec = Fields.spec(resource, 'PeerAuthentication');
    const ports = spec?.entries('portLevelMtls') ?? [];
    if (spec === undefined || ports.length === 0) return;
    if ((spec.object('selector')?.entries('matchLabels') ?? []).length === 0) {
      const message = '"portLevelMtls" needs a "selector" with labels: ports are those of certain workloads';
      yield { at: spec.key('portLevelMtls'), message, ...refused('PA-01', 'CEL-25') };
    }
    for (const { key } of ports) {
      if (/^[-+]?\d+$/.test(key.value) && Number(key.value) >= 1 && Number(key.value) <= 65535) continue;
      const message = `${quoted(key.value)} is no number of a port: they go from 1 to 65535`;
      yield { at: key, message, ...refused('PA-03', 'CEL-26') };
    }
  },
});
