import type { HeaderChangeView, UpstreamDestinationView, UpstreamView } from '../../contract/explain.ts';
import type { Faults, Upstream } from '../../routing/explain/evaluate.ts';
import type { HeaderChange } from '../../routing/explain/headers.ts';
import type { TableRoute } from '../../routing/routes.ts';
import { destinationViews } from '../route-destinations.ts';
import type { ViewContext } from '../route-model.ts';
import { percentText } from '../route-rows.ts';
import { headerChangeView, timeoutView } from './sentences.ts';

/** The request that a service gets: where it goes, what is changed, how long it may take. */
export function upstreamView(
  context: ViewContext,
  upstream: Upstream,
  faults: Faults,
  route: TableRoute,
): UpstreamView {
  const views = destinationViews(context, route);
  const several = upstream.destinations.length > 1;
  const destinations = upstream.destinations.map(({ cluster, authority, headers }, i): UpstreamDestinationView => {
    const view = views[i];
    const { host = '', shortHost = cluster, subset = '', port = 0, labels = {}, share = 0, problem } = view ?? {};
    const name = `${shortHost}${port === 0 ? '' : `:${port}`}`;
    const pairs = Object.entries(labels).map(pair => pair.join('='));
    const part = subset === '' ? '' : ` subset ${subset}${pairs.length === 0 ? '' : ` (${pairs.join(', ')})`}`;
    const text = `${several ? `${percentText(share)} ` : ''}${name}${part}${problem === undefined ? '' : ` – ${problem}`}`;
    return { cluster, share, host, subset, port, labels, authority, headers, problem, text };
  });
  return {
    path: upstream.path,
    authority: destinations[0]?.authority ?? '',
    destinations,
    mirrors: upstream.mirrors.map(({ cluster, percent }) => ({
      cluster,
      percent,
      text: `${percent >= 100 ? 'every request' : `${percentText(percent)} of the requests`} copied to ${clusterText(cluster)}, whose answer is dropped`,
    })),
    headers: changesOf(upstream),
    timeout: timeoutView(upstream.timing, faults),
  };
}

/** `reviews.default.svc.cluster.local:9080 subset v2` */
export function clusterText(cluster: string): string {
  const [, port, subset, host] = cluster.split('|');
  return host === undefined ? cluster : `${host}:${port}${subset === '' ? '' : ` subset ${subset}`}`;
}

/** Changes that all destinations share once, the others with their cluster. */
function changesOf({ destinations }: Upstream): readonly HeaderChangeView[] {
  const key = (change: HeaderChange): string => JSON.stringify(change);
  const [first, ...rest] = destinations;
  if (first === undefined) return [];
  const isShared = (change: HeaderChange): boolean =>
    rest.every(({ changes }) => changes.some(other => key(other) === key(change)));
  return [
    ...destinations.flatMap(({ cluster, changes }) =>
      changes.filter(change => !isShared(change)).map(change => headerChangeView(change, cluster)),
    ),
    ...first.changes.filter(isShared).map(change => headerChangeView(change, undefined)),
  ];
}
