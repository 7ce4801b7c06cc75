import { refused, refusedByServer } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { CONNECTION_MANAGER, OLD_CONNECTION_MANAGER } from './filter-names.ts';
import { type ConfigPatch, filterMatch, MATCHED_BY, patchesOf } from './patches.ts';

const KINDS = ['listener', 'routeConfiguration', 'cluster', 'waypoint'] as const;
const IDS = { listener: 'EF-11', routeConfiguration: 'EF-18', cluster: 'EF-19' } as const;

export const conflictingMatch = resourceRule({
  id: 'envoy-filter/conflicting-match',
  severity: 'error',
  on: ['Other'],
  refuses: true,
  codes: ['IST0106', 'EF-11', 'EF-14', 'EF-15', 'EF-18', 'EF-19', 'CEL-06'],
  summary: 'A match that does not go with what the patch changes.',
  why: 'Filters stand in listeners, virtual hosts and routes in route configurations: each is found by a match of its own kind. Istio refuses another one.',
  remedy:
    'Match the `listener` for filters, the `routeConfiguration` for hosts and routes, the `cluster` for clusters.',
  invalid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: CLUSTER
      match: { listener: { portNumber: 8080 } }
      patch: { operation: MERGE, value: { per_connection_buffer_limit_bytes: 32768 } }
`,
  valid: `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  annotations: { galley.istio.io/analyze-suppress: IST0133 }
spec:
  configPatches:
    - applyTo: CLUSTER
      match: { cluster: { portNumber: 8080 } }
      patch: { operation: MERGE, value: { per_connection_buffer_limit_bytes: 32768 } }
`,
  *check(resource) {
    for (const patch of patchesOf(resource)) {
      yield* waypoint(patch);
      if (!patch.isWaypoint && isComplete(patch)) yield* kinds(patch);
    }
  },
});

/** Without one of its parts Istio looks no further, and another rule speaks. */
function isComplete({ applyTo, patch, operation }: ConfigPatch): boolean {
  return (
    applyTo !== undefined && operation !== undefined && (operation.value === 'REMOVE' || patch?.has('value') === true)
  );
}

function* waypoint({ match, isWaypoint }: ConfigPatch): Generator<Finding> {
  if (match === undefined || match.has('waypoint') === isWaypoint) return;
  const context = match.string('context');
  const other = KINDS.find(kind => kind !== 'waypoint' && match.has(kind));
  yield isWaypoint
    ? {
        at: other === undefined ? (context ?? match.head) : match.key(other),
        message: 'with "context: WAYPOINT" the match is a "waypoint"',
        ...refusedByServer('CEL-06'),
      }
    : { at: match.key('waypoint'), message: '"waypoint" needs "context: WAYPOINT"', ...refusedByServer('CEL-06') };
}

function* kinds(patch: ConfigPatch): Generator<Finding> {
  const { applyTo, match } = patch;
  const wanted = MATCHED_BY[applyTo?.value ?? ''];
  if (applyTo === undefined || match === undefined || wanted === undefined) return;
  const there = KINDS.find(kind => kind !== 'waypoint' && match.has(kind));
  if (there !== undefined && there !== wanted && !match.has(wanted)) {
    yield {
      at: match.key(there),
      message: `${applyTo.value} is found by a match of its ${quoted(wanted)}, not of a ${quoted(there)}`,
      related: [{ at: applyTo, message: 'what the patch changes' }],
      ...refused(IDS[wanted]),
    };
    return;
  }
  const { filter, subFilter } = filterMatch(patch);
  const name = filter?.string('name');
  if (
    wanted !== 'listener' ||
    filter === undefined ||
    subFilter === undefined ||
    name === undefined ||
    name.value === ''
  )
    return;
  if (applyTo.value !== 'HTTP_FILTER') {
    yield {
      at: filter.key('subFilter'),
      message: `only for HTTP_FILTER a filter within a filter is matched, and this patch changes ${applyTo.value}`,
      related: [{ at: applyTo, message: 'what the patch changes' }],
      ...refused('EF-14'),
    };
  } else if (name.value !== CONNECTION_MANAGER && name.value !== OLD_CONNECTION_MANAGER) {
    yield {
      at: name,
      message: `HTTP filters stand in ${quoted(CONNECTION_MANAGER)}, not in ${quoted(name.value)}`,
      ...refused('EF-15'),
    };
  }
}
