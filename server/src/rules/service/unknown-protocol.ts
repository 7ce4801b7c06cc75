import type { Service } from '../../model/kubernetes.ts';
import { portProtocol } from '../../routing/protocol.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { isAmbient, isSystemNamespace, labelOf, namespaceObject } from '../namespaces.ts';
import { type Finding, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const unknownProtocol = workspaceRule({
  id: 'service/unknown-protocol',
  severity: 'information',
  on: ['Service'],
  ignores: 'VirtualService',
  codes: ['IST0118', 'KIA0601', 'KIA0602'],
  summary: 'A Service port whose name tells no protocol.',
  why: 'Istio takes the protocol from `appProtocol`, else from the part of the name before the first dash. Where neither tells it, proxies guess from the first bytes: protocols in which the server speaks first hang, and metrics and routes depend on the guess.',
  remedy: 'Name the port `http-…`, `grpc-…`, `tcp-…` and so on, or set `appProtocol`.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: web, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http-web, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { loadBalancer: { simple: RANDOM } } }
`,
  *check(service, snapshot) {
    if (service.serviceType === 'ExternalName' || !isOfMesh(service, snapshot)) return;
    for (const { at, name, number, protocol, appProtocol } of service.ports) {
      if (number === undefined) continue;
      const transport = protocol?.value ?? 'TCP';
      if (transport === 'SCTP') continue;
      const found = portProtocol({
        number: number.value,
        name: name?.value ?? '',
        transport,
        appProtocol: appProtocol?.value,
      });
      if (found !== 'unsupported') continue;
      yield appProtocol !== undefined
        ? ofProtocol(appProtocol)
        : ofName(name ?? number ?? at, name?.value, number.value);
    }
  },
});

function ofProtocol(appProtocol: NonNullable<Service['ports'][number]['appProtocol']>): Finding {
  return {
    at: appProtocol,
    message: `${quoted(appProtocol.value)} is no protocol that Istio knows, so proxies guess it from the first bytes`,
    codes: ['IST0118', 'KIA0602'],
  };
}

function ofName(at: Finding['at'], name: string | undefined, port: number): Finding {
  const what = name === undefined ? `port ${port} has no name` : `the name ${quoted(name)} begins with no protocol`;
  return {
    at,
    message: `${what}, so proxies guess the protocol from the first bytes; write "http-…", "grpc-…", "tcp-…" or set "appProtocol"`,
    codes: ['IST0118', 'KIA0601'],
  };
}

/** Somebody routes to the service with Istio, or its namespace is in the mesh. */
function isOfMesh(service: Service, { index, settings, references }: Snapshot): boolean {
  const { namespace } = service;
  if (namespace === settings.mesh.rootNamespace || isSystemNamespace(namespace)) return false;
  if (index.owns('*') || index.rulesOf(references.fullHost(service.name, namespace)) !== undefined) return true;
  const labels = namespaceObject(index, namespace)?.labels ?? [];
  const isInjected = labelOf(labels, 'istio-injection') === 'enabled' || labelOf(labels, 'istio.io/rev') !== undefined;
  return isInjected || isAmbient(index, namespace) === true;
}
