import type { DestinationRule } from '../../model/destination-rule.ts';
import { hostMatches, parseServiceHost } from '../../model/host.ts';
import { portSettings } from '../../routing/destination-rules.ts';
import type { Located } from '../../text/range.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { type MtlsMode, mtlsMode } from '../mtls-mode.ts';
import { isForAll } from '../policies.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { workloadsWith } from '../workloads.ts';

export const conflictingMtls = workspaceRule({
  id: 'destination-rule/conflicting-mtls',
  severity: 'warning',
  on: ['DestinationRule'],
  codes: ['KIA0207', 'KIA0208', 'KIA0505', 'KIA0506'],
  summary: 'A DestinationRule makes clients speak otherwise than the PeerAuthentication of the server wants.',
  why: 'A server with STRICT resets plain connections, and one with DISABLE does not understand mTLS: every request fails with 503. Left alone, Istio finds out by itself which of the two to use.',
  remedy: 'Leave `tls` out of the DestinationRule, or change the PeerAuthentication.',
  invalid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80 }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { tls: { mode: DISABLE } } }
`,
  valid: `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: shop }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80 }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews, namespace: shop }
spec: { host: reviews, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
`,
  *check(rule, snapshot) {
    const mode = rule.trafficPolicy?.tls?.mode;
    if (mode === undefined || (mode.value !== 'DISABLE' && mode.value !== 'ISTIO_MUTUAL')) return;
    const wanted = serverMode(rule, snapshot);
    if (wanted === undefined || !excludes(mode, wanted)) return;
    const { name, namespace } = wanted.policy.resource;
    const isOfMesh = namespace === snapshot.settings.mesh.rootNamespace && isForAll(wanted.policy);
    const effect = wanted.mode === 'STRICT' ? 'plain connections are reset' : 'mTLS is not understood';
    yield {
      at: mode,
      message: `${mode.value} here and ${wanted.mode} in PeerAuthentication ${quoted(name)} exclude each other: ${effect}, and requests get 503`,
      related: [{ at: wanted.at, message: `PeerAuthentication ${quoted(name)}` }],
      codes: [wanted.mode === 'STRICT' ? (isOfMesh ? 'KIA0208' : 'KIA0207') : isOfMesh ? 'KIA0506' : 'KIA0505'],
    };
  },
});

function excludes(client: Located<string>, server: MtlsMode): boolean {
  return (
    (client.value === 'DISABLE' && server.mode === 'STRICT') ||
    (client.value === 'ISTIO_MUTUAL' && server.mode === 'DISABLE')
  );
}

/** The mode of the pods that a rule is for, where all have the same. */
function serverMode(rule: DestinationRule, snapshot: Snapshot): MtlsMode | undefined {
  if (rule.host === undefined) return undefined;
  const host = snapshot.references.fullHost(rule.host.value, rule.namespace).toLowerCase();
  return host.startsWith('*') ? modeBehindStar(host, rule, snapshot) : modeOfService(rule.host.value, rule, snapshot);
}

function modeOfService(host: string, rule: DestinationRule, snapshot: Snapshot): MtlsMode | undefined {
  const { references, index } = snapshot;
  const service = references.host(host, rule.namespace, rule);
  if (service.outcome !== 'found' || service.target.resource?.type !== 'Service') return undefined;
  const { ports, resource } = service.target;
  // An entry for a port stands in the place of the general block, its `tls` included.
  if (ports.length > 0 && ports.every(({ number }) => portSettings(rule.trafficPolicy, number) !== undefined))
    return undefined;
  const { namespace, selector } = resource;
  const workloads = workloadsWith(index, selector).filter(workload => workload.namespace === namespace);
  const modes = (workloads.length === 0 ? [undefined] : workloads).map(workload =>
    mtlsMode(snapshot, namespace, workload),
  );
  const [first] = modes;
  return modes.every(mode => mode?.mode === first?.mode) ? first : undefined;
}

/** Of `*.shop.svc.cluster.local`, or of the whole mesh, unless everything there has a rule of its own. */
function modeBehindStar(host: string, rule: DestinationRule, snapshot: Snapshot): MtlsMode | undefined {
  const { references, index, settings } = snapshot;
  const { clusterDomain, rootNamespace } = settings.mesh;
  if ((rule.trafficPolicy?.portLevelSettings.length ?? 0) > 0) return undefined;
  const place = parseServiceHost(`x${host.slice(1)}`, clusterDomain)?.namespace;
  const isOfMesh = hostMatches(host, `x.y.svc.${clusterDomain}`);
  if (place === undefined && !isOfMesh) return undefined;
  const services = index.all('Service').filter(({ namespace }) => place === undefined || namespace === place);
  const isAlone = ({ name, namespace }: (typeof services)[number]): boolean =>
    references.rulesFor(`${name}.${namespace}.svc.${clusterDomain}`, namespace).every(other => other === rule);
  if (services.length > 0 && !services.some(isAlone)) return undefined;
  return mtlsMode(snapshot, place ?? rootNamespace);
}
