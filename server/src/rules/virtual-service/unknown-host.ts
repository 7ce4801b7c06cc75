import { parseServiceHost } from '../../model/host.ts';
import type { Destination, VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { createServiceEntry } from '../create.ts';
import { changeTo } from '../edits.ts';
import { missingHost } from '../host-names.ts';
import { type Finding, type Fix, workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { namedDestinations } from './named-destinations.ts';

export const unknownHost = workspaceRule({
  id: 'virtual-service/unknown-host',
  severity: 'error',
  on: ['VirtualService'],
  per: 'route',
  codes: ['IST0101', 'KIA1101'],
  summary: 'A route or a mirror leads to a host that no Service and no ServiceEntry defines.',
  why: 'Istio takes the route as it stands. Envoy then has no cluster of that name and answers 503 (NC); for TCP and TLS it closes the connection.',
  remedy:
    'Correct the name. A name without a dot means a Service in the namespace of the VirtualService; for one elsewhere write its full name, `NAME.NAMESPACE.svc.cluster.local`. A host outside the cluster needs a ServiceEntry.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reveiws } }]
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: shop }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  *check(vs, snapshot) {
    for (const { destination, effect } of namedDestinations(vs)) {
      const { host } = destination;
      if (host === undefined) continue;
      const missing = missingHost(snapshot, host, vs);
      if (missing === undefined) {
        yield* inCapitals(vs, snapshot, host, effect);
        continue;
      }
      const { reason, guess, related, fixes } = missing;
      yield {
        at: host,
        message: `${reason}, so ${effect}${guess === '' ? '' : `; ${guess}`}`,
        related,
        fixes: fixes.length > 0 ? fixes : created(vs, snapshot, destination),
      };
    }
  },
});

/** The names of services are lower case; that of a cluster is made of the host as it is written (`PILOT.md` 1). */
function* inCapitals(vs: VirtualService, snapshot: Snapshot, host: Located<string>, effect: string): Iterable<Finding> {
  const lower = host.value.toLowerCase();
  if (lower === host.value) return;
  const { references } = snapshot;
  const resolution = references.host(host.value, vs.namespace, vs);
  if (resolution.outcome !== 'found' || resolution.target.host !== references.fullHost(lower, vs.namespace)) return;
  yield {
    at: host,
    message: `the service is called ${quoted(lower)}, and Istio takes capitals as they are, so ${effect}`,
    fixes: [{ ...changeTo(vs.document, host, lower), preferred: true }],
  };
}

/** A host of the outside world needs a ServiceEntry; one of the cluster needs its Service. */
function created(vs: VirtualService, { references, settings }: Snapshot, { host, port }: Destination): readonly Fix[] {
  const full = references.fullHost(host?.value ?? '', vs.namespace);
  if (
    parseServiceHost(full, settings.mesh.clusterDomain) !== undefined ||
    references.expandHalfQualified(full) !== undefined
  )
    return [];
  const fix = createServiceEntry(vs, full, port?.value);
  return fix === undefined ? [] : [fix];
}
