import type { VirtualService } from '../../model/virtual-service.ts';
import { refusal } from '../codes.ts';
import { isAddress, type NameFault, wildcardDomainFault } from '../names.ts';
import { resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const invalidHost = resourceRule({
  id: 'virtual-service/invalid-host',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A host that is no name of one, or `*` for the whole mesh.',
  why: 'Hosts are names of services, domain names, addresses, or a wildcard at the start of a name. Sidecars would send every request of the mesh to a VirtualService for `*`, so Istio refuses that.',
  remedy:
    'Write the name without port, scheme or path. To take every host at a gateway, name the gateway in `gateways`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: ["reviews:9080"]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  codes: ['IST0106', 'VS-09', 'VS-10'],
  refuses: true,
  *check(vs) {
    const isForMesh = isMesh(vs);
    const isForSni = takesSni(vs);
    for (const host of vs.hosts) {
      if (host.value === '*' && isForMesh) {
        yield {
          at: host,
          message:
            '"*" takes every request of every sidecar, so Istio refuses it in the mesh; with "gateways" it takes every host of these',
          codes: refusal('VS-10'),
        };
      }
      const fault = hostFault(host.value, isForSni);
      if (fault === undefined || isAddress(host.value)) continue;
      yield {
        at: host,
        message: `${quoted(host.value)} is no host: ${fault.reason}`,
        codes: refusal('VS-09', fault.id),
      };
    }
  },
});

/** Whether a VirtualService is for sidecars. */
export function isMesh({ gateways }: VirtualService): boolean {
  return gateways.length === 0 || gateways.some(({ value }) => value === 'mesh');
}

/** Whether names of clusters, as gateways that pass TLS through see them, are hosts as well. */
export function takesSni(vs: VirtualService): boolean {
  return !isMesh(vs) && vs.tls.some(({ match }) => match.some(({ sniHosts }) => sniHosts.length > 0));
}

/** `outbound_.80_._.reviews.shop.svc.cluster.local` (Istio `ValidateWildcardDomainForVirtualServiceBoundToGateway`). */
function isClusterName(host: string): boolean {
  const [direction, port = '', , name = ''] = host.split('_');
  return direction === 'outbound' && /\d/.test(port) && /[a-zA-Z]/.test(name);
}

/**
 * Why a text is no host of a VirtualService; `undefined` where it is one.
 *
 * @param isForSni names of clusters are hosts as well
 */
export function hostFault(host: string, isForSni: boolean): NameFault | undefined {
  const fault = isForSni && isClusterName(host) ? undefined : wildcardDomainFault(host);
  if (fault === undefined) return undefined;
  if (/^\w+:\/\//.test(host)) return { ...fault, reason: 'a host has no scheme' };
  if (/^[^:]+:\d+$/.test(host)) return { ...fault, reason: 'a host has no port' };
  if (host.includes('/')) return { ...fault, reason: 'a host has no path' };
  return fault;
}
