import type { Destination, HttpRoute, VirtualService } from '../../model/virtual-service.ts';
import { effectivePolicy } from '../../routing/destination-rules.ts';
import type { MeshPort } from '../../routing/mesh.ts';
import { isTls } from '../../routing/protocol.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { createTlsRule } from '../create.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const missingTls = workspaceRule({
  id: 'virtual-service/missing-tls',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'An HTTP route leads to a port that expects TLS, and nobody starts it.',
  why: 'The proxy has read the request as HTTP and sends it on as plain HTTP. A server that expects TLS answers 400, or closes the connection.',
  remedy: 'Start TLS with a DestinationRule (`tls: { mode: SIMPLE }` for the port), or lead to the plain port.',
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
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [pay.example.com]
  gateways: [infra/public]
  http:
    - route: [{ destination: { host: payments.example.com, port: { number: 443 } } }]
`,
  valid: `
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
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: payments, namespace: shop }
spec:
  hosts: [pay.example.com]
  gateways: [infra/public]
  http:
    - route: [{ destination: { host: payments.example.com, port: { number: 443 } } }]
`,
  *check(vs, snapshot) {
    for (const rule of vs.http) {
      for (const destination of destinationsOf(rule)) {
        const finding = judge(vs, destination, snapshot);
        if (finding !== undefined) yield finding;
      }
    }
  },
});

function destinationsOf(rule: HttpRoute): readonly Destination[] {
  const all = [
    ...rule.route.map(({ destination }) => destination),
    rule.mirror,
    ...rule.mirrors.map(({ destination }) => destination),
  ];
  return all.filter(destination => destination !== undefined);
}

function judge(vs: VirtualService, { host, port, subset }: Destination, snapshot: Snapshot): Finding | undefined {
  const { references, index } = snapshot;
  if (host === undefined) return undefined;
  const service = references.host(host.value, vs.namespace, vs);
  // Inside the mesh a client's mTLS may be what the port is named after.
  if (service.outcome !== 'found' || service.target.aliasOf !== undefined) return undefined;
  const ports = references.portsOf(host.value, vs.namespace);
  const target = port === undefined ? onlyPort(vs, ports) : ports.find(({ number }) => number === port.value);
  if (target === undefined || !isTls(target.protocol)) return undefined;
  if (startsTls(vs, host.value, subset?.value ?? '', target.number, snapshot)) return undefined;
  const at = port ?? host;
  const { resource } = service.target;
  // The rule that starts TLS may be kept elsewhere.
  const isKnown = index.owns(vs.namespace) || (!index.hasTemplates && index.knows('DestinationRule', vs.namespace));
  return {
    at,
    message: `plain HTTP goes to port ${target.number} of ${quoted(host.value)}, whose protocol is ${target.protocol}: ${isKnown ? 'no' : 'here is no'} DestinationRule${isKnown ? '' : ' that'} starts TLS for it, and the server does not understand the request`,
    ...(isKnown ? {} : { severity: 'information' as const }),
    related:
      resource === undefined
        ? []
        : [
            {
              at: resource.nameAt,
              message: `${resource.kind} ${quoted(resource.name)}: port ${target.number} is ${target.protocol}`,
            },
          ],
    fixes:
      references.rulesFor(host.value, vs.namespace).length > 0 || service.target.registry !== 'External'
        ? []
        : [createTlsRule(vs, host.value, target.number)],
  };
}

/** A gateway takes the only port of a service; a sidecar the one that was called, which is not known here. */
function onlyPort(vs: VirtualService, ports: readonly MeshPort[]): MeshPort | undefined {
  const isForGateways = vs.gateways.length > 0 && vs.gateways.every(({ value }) => value !== 'mesh');
  return isForGateways && ports.length === 1 ? ports[0] : undefined;
}

/** Some rule that a client may take says something on TLS for the port. */
function startsTls(
  vs: VirtualService,
  host: string,
  subset: string,
  port: number,
  { references, settings }: Snapshot,
): boolean {
  const clients = [vs.namespace, settings.mesh.gatewayNamespace];
  const effective = clients.map(client => references.destinationRule(host, vs.namespace, client));
  const isSaid = effective.some(rule => {
    const mode = effectivePolicy(rule, port, subset).blocks.tls?.mode?.value;
    return mode !== undefined && mode !== 'DISABLE';
  });
  // One that only others see, or that is for chosen workloads, may be meant for the gateway.
  return (
    isSaid ||
    references
      .rulesFor(host, vs.namespace)
      .some(rule => rule.workloadSelector !== undefined || rule.namespace !== vs.namespace)
  );
}
