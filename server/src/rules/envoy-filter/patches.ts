import type { TypedResource } from '../../model/decode.ts';
import type { Located } from '../../text/range.ts';
import { Fields } from '../fields.ts';

/** One entry of `configPatches`. */
export interface ConfigPatch {
  readonly fields: Fields;
  /** `INVALID` counts as none. */
  readonly applyTo: Located<string> | undefined;
  readonly match: Fields | undefined;
  readonly patch: Fields | undefined;
  readonly operation: Located<string> | undefined;
  /** Of patches for waypoints Istio looks at nothing else. */
  readonly isWaypoint: boolean;
}

/** The patches of an EnvoyFilter; none of any other resource. */
export function patchesOf(resource: TypedResource): readonly ConfigPatch[] {
  return (Fields.spec(resource, 'EnvoyFilter')?.objects('configPatches') ?? []).map(fields => {
    const match = fields.object('match');
    const patch = fields.object('patch');
    return {
      fields,
      applyTo: valid(fields.string('applyTo')),
      match,
      patch,
      operation: valid(patch?.string('operation')),
      isWaypoint: match?.string('context')?.value === 'WAYPOINT',
    };
  });
}

function valid(text: Located<string> | undefined): Located<string> | undefined {
  return text === undefined || text.value === 'INVALID' || text.value === '' ? undefined : text;
}

/** What a patch is applied to, by the part of Envoy's configuration that has to be matched. */
export const MATCHED_BY: Readonly<Record<string, 'listener' | 'routeConfiguration' | 'cluster'>> = {
  LISTENER: 'listener',
  FILTER_CHAIN: 'listener',
  NETWORK_FILTER: 'listener',
  HTTP_FILTER: 'listener',
  ROUTE_CONFIGURATION: 'routeConfiguration',
  VIRTUAL_HOST: 'routeConfiguration',
  HTTP_ROUTE: 'routeConfiguration',
  CLUSTER: 'cluster',
};

/** The match of a filter by name, and of an HTTP filter in it. */
export function filterMatch(patch: ConfigPatch): {
  readonly filter: Fields | undefined;
  readonly subFilter: Fields | undefined;
  readonly chain: Fields | undefined;
} {
  const chain = patch.match?.object('listener')?.object('filterChain');
  const filter = chain?.object('filter');
  return { chain, filter, subFilter: filter?.object('subFilter') };
}
