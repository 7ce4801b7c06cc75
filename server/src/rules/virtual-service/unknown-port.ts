import type { Destination } from '../../model/virtual-service.ts';
import type { MeshPort } from '../../routing/mesh.ts';
import { replaceWith } from '../edits.ts';
import { type Fix, workspaceRule } from '../rule.ts';
import { allOf, quoted } from '../words.ts';
import { type NamedDestination, namedDestinations } from './named-destinations.ts';

/** More ports than this are not offered one by one. */
const MAX_OFFERS = 4;

export const unknownPort = workspaceRule({
  id: 'virtual-service/unknown-port',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  codes: ['IST0101'],
  summary: 'A route leads to a port that the service does not have.',
  why: 'Clusters exist for the ports of the Service, not for those of its containers (`targetPort`). For any other Envoy answers 503 (NC).',
  remedy: 'Write a port of the Service, or leave the port out where the Service has only one.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80, targetPort: 9080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, port: { number: 9080 } } }]
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80, targetPort: 9080 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews, port: { number: 80 } } }]
`,
  *check(vs, snapshot) {
    const { references } = snapshot;
    for (const named of namedDestinations(vs)) {
      const { host, port } = named.destination;
      if (host === undefined || port === undefined) continue;
      if (references.port(host.value, port.value, vs.namespace, vs).outcome !== 'missing') continue;
      const ports = references.portsOf(host.value, vs.namespace);
      const service = references.host(host.value, vs.namespace, vs);
      const resource = service.outcome === 'found' ? service.target.resource : undefined;
      const target =
        resource?.type === 'Service' ? resource.ports.find(p => p.targetPort?.value === port.value) : undefined;
      const isTarget =
        target?.number === undefined ? '' : `; ${port.value} is the targetPort of ${target.number.value}`;
      yield {
        at: port,
        message: `service ${quoted(host.value)} has no port ${port.value}, only ${allOf(ports.map(portText))}, so ${named.effect}${isTarget}`,
        ...(resource === undefined
          ? {}
          : {
              related: [
                { at: resource.nameAt, message: `${resource.kind} with the ports ${allOf(ports.map(portText))}` },
              ],
            }),
        fixes: fixesFor(named, ports, target?.number?.value),
      };
    }
  },
});

function portText({ number, name }: MeshPort): string {
  return name === '' ? String(number) : `${number} (${name})`;
}

function fixesFor(
  { destination, siblings }: NamedDestination,
  ports: readonly MeshPort[],
  meant: number | undefined,
): readonly Fix[] {
  const { host, subset, port } = destination;
  if (port === undefined) return [];
  const same = (other: Destination): boolean =>
    other !== destination && other.host?.value === host?.value && other.subset?.value === subset?.value;
  const used = new Set(siblings.filter(same).map(other => other.port?.value));
  const free = ports.map(({ number }) => number).filter(number => !used.has(number));
  const offers = meant !== undefined && free.includes(meant) ? [meant] : free.length <= MAX_OFFERS ? free : [];
  const preferred = offers.length === 1 ? { preferred: true } : {};
  return offers.map(number => ({
    title: `Change to ${number}`,
    edits: [replaceWith(port, String(number))],
    ...preferred,
  }));
}
