import type { TypedResource } from '../model/decode.ts';
import { parseServiceHost } from '../model/host.ts';
import type { Located } from '../text/range.ts';
import { Groups } from '../workspace/reads.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { changeTo } from './edits.ts';
import { nearest } from './nearest.ts';
import type { Fix, Note } from './rule.ts';
import { quoted } from './words.ts';

/** Why a host stands for nothing, and what may have been meant. */
export interface MissingHost {
  /** `no service "x" in namespace "y"`; without a final dot. */
  readonly reason: string;
  /** `did you mean "x"?`, or empty. */
  readonly guess: string;
  readonly related: readonly Note[];
  readonly fixes: readonly Fix[];
}

/** What to say of a host that is certainly not in the mesh; `undefined` for any other. */
export function missingHost(
  snapshot: Snapshot,
  host: Located<string>,
  resource: TypedResource,
): MissingHost | undefined {
  const { references } = snapshot;
  const { namespace, document } = resource;
  if (references.host(host.value, namespace, resource).outcome !== 'missing') return undefined;
  const { clusterDomain } = snapshot.settings.mesh;
  const { reason, meant } = reasonOf(snapshot, host.value, namespace);
  const service = meant === undefined ? undefined : snapshot.index.servicesOf(meant)?.[0];
  if (meant === undefined || service === undefined) return { reason, guess: '', related: [], fixes: [] };
  const isOwn = parseServiceHost(meant, clusterDomain)?.namespace === namespace && !host.value.includes('.');
  const text = isOwn ? service.name : meant;
  const at = service.resource?.nameAt;
  return {
    reason,
    guess: `did you mean ${quoted(text)}?`,
    related: at === undefined ? [] : [{ at, message: `${service.resource?.kind ?? 'service'} for ${quoted(meant)}` }],
    fixes: [{ ...changeTo(document, host, text), preferred: true }],
  };
}

/** Names the reason, and the full name of the service that was probably meant. */
function reasonOf(snapshot: Snapshot, host: string, namespace: string): { reason: string; meant: string | undefined } {
  const { references, index, settings } = snapshot;
  const halfQualified = references.expandHalfQualified(host);
  if (halfQualified !== undefined) {
    const reason = `no service is called ${quoted(host)}: Istio completes only names without a dot`;
    return { reason, meant: halfQualified };
  }
  const local = parseServiceHost(references.fullHost(host, namespace), settings.mesh.clusterDomain);
  if (local === undefined) {
    const meant = nearest(host, [...index.services.keys()]);
    return { reason: `no Service and no ServiceEntry has the host ${quoted(host)}`, meant };
  }
  const reason = `no service ${quoted(local.name)} in namespace ${quoted(local.namespace)}`;
  const namesake = references.named('Service', local.name)[0];
  const neighbor = namesake === undefined ? nearest(local.name, index.group(names, local.namespace) ?? []) : undefined;
  if (namesake === undefined && neighbor === undefined) return { reason, meant: undefined };
  const meant = namesake ?? { name: neighbor ?? '', namespace: local.namespace };
  return {
    reason,
    meant: references.fullHost(`${meant.name}.${meant.namespace}.svc.${settings.mesh.clusterDomain}`, '').toLowerCase(),
  };
}

/** The names of the Services of each namespace. */
const names = Groups.of('Service', ({ name, namespace }) => [[namespace, name]]);
