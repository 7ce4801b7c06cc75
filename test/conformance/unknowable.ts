/**
 * What a cluster decides at run time and manifests do not say. These fields, and no others, are left out of the
 * comparison with the answers of Istio's control plane.
 */

export interface Unknowable {
  /** Where it stands in an answer. */
  readonly field: string;
  readonly reason: string;
  /** Takes the fields out of a proxy's answer, ours or theirs. */
  readonly strip: (proxy: Comparable) => Comparable;
}

/** The parts of a proxy's answer that are compared. */
export interface Comparable {
  readonly routeConfigs: readonly Json[];
  readonly listeners: readonly Json[];
  readonly clusters: readonly Json[];
}

export type Json = Readonly<Record<string, unknown>>;

export const UNKNOWABLE: readonly Unknowable[] = [
  {
    field: 'listeners[].filterChains[].match.prefixRanges (their order)',
    reason:
      'a ServiceEntry with several addresses becomes several services of one name and age, which Istio sorts with an unstable algorithm; the chains are compared in the order of their ranges, and Envoy takes the most specific one whatever the order',
    strip: proxy => ({ ...proxy, listeners: proxy.listeners.map(sortedRanges) }),
  },
  {
    field: 'routeConfigs[].virtualHosts[].routes[].match.headers (order of matchers with one name)',
    reason:
      'Istio keeps header matches in a hash map; the answers sort them by name, and those with one name have no order',
    strip: proxy => ({ ...proxy, routeConfigs: proxy.routeConfigs.map(config => sortedHeaders(config) as Json) }),
  },
];

function sortedRanges(listener: Json): Json {
  const chains = listener['filterChains'];
  if (!Array.isArray(chains)) return listener;
  const rangeOf = (chain: unknown): string => JSON.stringify((chain as { match?: Json }).match?.['prefixRanges'] ?? '');
  const ranged = chains.filter(chain => rangeOf(chain) !== '""').sort((a, b) => (rangeOf(a) < rangeOf(b) ? -1 : 1));
  let next = 0;
  return { ...listener, filterChains: chains.map(chain => (rangeOf(chain) === '""' ? chain : ranged[next++])) };
}

function sortedHeaders(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedHeaders);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === 'headers' && Array.isArray(child)
        ? [...child].sort((a, b) => (headerKey(a) < headerKey(b) ? -1 : 1))
        : sortedHeaders(child),
    ]),
  );
}

function headerKey(header: unknown): string {
  const record = header as Json;
  return `${String(record['name'])} ${JSON.stringify(Object.entries(record).sort())}`;
}
