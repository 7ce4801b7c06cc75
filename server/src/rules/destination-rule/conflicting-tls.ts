import type { DestinationRule } from '../../model/destination-rule.ts';
import { resolveHost } from '../../model/host.ts';
import type { MeshPort } from '../../routing/mesh.ts';
import { isTls } from '../../routing/protocol.ts';
import type { Located } from '../../text/range.ts';
import { Groups } from '../../workspace/reads.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const conflictingTls = workspaceRule({
  id: 'destination-rule/conflicting-tls',
  severity: 'warning',
  on: ['DestinationRule'],
  summary: 'A DestinationRule starts TLS on a port on which clients speak TLS already.',
  why: 'The protocol of the port says that the application opens the TLS connection itself. The proxy puts a second one around it, the server does not understand it, and clients see WRONG_VERSION_NUMBER.',
  remedy:
    'Let the application speak HTTP on a port of protocol HTTP (with `targetPort: 443` where needed) and start TLS for that port; or leave TLS to the application.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments.example.com]
  resolution: DNS
  ports: [{ number: 443, name: https, protocol: HTTPS }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments, namespace: shop }
spec:
  host: payments.example.com
  trafficPolicy: { tls: { mode: SIMPLE, caCertificates: /etc/ssl/ca.pem } }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: payments, namespace: shop }
spec:
  hosts: [payments.example.com]
  resolution: DNS
  ports: [{ number: 80, targetPort: 443, name: http, protocol: HTTP }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: payments, namespace: shop }
spec:
  host: payments.example.com
  trafficPolicy: { tls: { mode: SIMPLE, caCertificates: /etc/ssl/ca.pem } }
`,
  *check(rule, snapshot) {
    const { references } = snapshot;
    const { host, trafficPolicy } = rule;
    if (host === undefined || host.value.startsWith('*') || trafficPolicy === undefined) return;
    const service = references.host(host.value, rule.namespace, rule);
    // Inside the mesh a port "https" may well get mTLS around it: the two sidecars take it off again.
    if (service.outcome !== 'found' || !service.target.meshExternal) return;
    const ports = references.portsOf(host.value, rule.namespace);
    for (const { tls, port } of [{ tls: trafficPolicy.tls, port: undefined }, ...trafficPolicy.portLevelSettings]) {
      const mode = tls?.mode;
      if (mode === undefined || (mode.value !== 'SIMPLE' && mode.value !== 'MUTUAL')) continue;
      const meant = port === undefined ? ports : ports.filter(({ number }) => number === port.value);
      const exempt = new Set(port === undefined ? trafficPolicy.portLevelSettings.map(entry => entry.port?.value) : []);
      const judged = meant.filter(({ number }) => !exempt.has(number));
      // With an HTTP port beside it the rule may be meant for that alone, and TLS ports for nobody.
      const wrong = judged.find(target => isTls(target.protocol) && !isRoutedTo(rule, target, snapshot));
      if (wrong === undefined || judged.some(({ protocol }) => !isTls(protocol))) continue;
      yield { at: mode, message: messageFor(mode, wrong), related: related(snapshot, rule) };
    }
  },
});

function messageFor(mode: Located<string>, port: MeshPort): string {
  return `mode ${mode.value} starts TLS on port ${port.number}, whose protocol ${port.protocol} says that clients do it themselves: two TLS connections in one another, which the server refuses`;
}

/** Some route of a VirtualService sends HTTP to this port: then the proxy is the one who has to start TLS. */
function isRoutedTo(rule: DestinationRule, port: MeshPort, { index, references }: Snapshot): boolean {
  const full = references.fullHost(rule.host?.value ?? '', rule.namespace).toLowerCase();
  const ports = index.group(routedPorts, full) ?? [];
  return ports.includes(undefined) || ports.includes(port.number);
}

/** The ports to which routes send requests, by the full name of the host; `undefined` where a route names none. */
const routedPorts = Groups.of('VirtualService', (vs, { mesh }) => {
  const targets = new Map<string, readonly [string, number | undefined]>();
  for (const { destination } of vs.http.flatMap(({ route }) => route)) {
    if (destination?.host === undefined) continue;
    const host = resolveHost(destination.host.value, vs.namespace, mesh.clusterDomain).toLowerCase();
    const port = destination.port?.value;
    targets.set(`${host} ${port}`, [host, port]);
  }
  return targets.values();
});

function related({ references }: Snapshot, rule: DestinationRule): { at: Located<string>; message: string }[] {
  const service = references.host(rule.host?.value ?? '', rule.namespace, rule);
  const resource = service.outcome === 'found' ? service.target.resource : undefined;
  const at =
    resource?.type === 'ServiceEntry'
      ? resource.hosts.find(({ value }) => value.toLowerCase() === rule.host?.value.toLowerCase())
      : undefined;
  return at === undefined ? [] : [{ at, message: `ServiceEntry ${quoted(resource?.name ?? '')}` }];
}
