import type { ExplainAnswer, Explanation } from '../../contract/explain.ts';
import { matchText } from '../../routing/describe.ts';
import { type HttpRequest, portOf, urlOf } from '../../routing/explain/request.ts';
import { type Reachability, reachabilityOf } from '../../routing/reach/reachability.ts';
import type { Witness } from '../../routing/reach/witness.ts';
import type { TableRoute } from '../../routing/routes.ts';
import type { TableHost } from '../../routing/table.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { explain } from '../explain/explain.ts';
import type { AskedProxy } from '../explain/viewpoint.ts';
import { type ViewpointKey, viewpointsOf } from '../viewpoints.ts';
import type { Converted } from './router-check.ts';
import { type NewTest, testsYaml } from './write.ts';

/**
 * One test for each live route of a VirtualService, as it is now: what a change does to it shows as a failure. Routes
 * for which no request is known are told.
 */
export function generateRouteTests(snapshot: Snapshot): Converted {
  const tests: NewTest[] = [];
  const warnings: string[] = [];
  const seen = new Set<string>();
  for (const key of viewpointsOf(snapshot.routing)) {
    const table = snapshot.routing.proxy(key.proxy).table(key.table);
    for (const host of table.virtualHosts) {
      if (host.requireTls || host.virtualServices.length === 0) continue;
      const reach = reachabilityOf(host, table);
      for (const [index, route] of host.routes.entries()) {
        const state = reach[index];
        if (route.origin === undefined || state?.state === 'unreachable') continue;
        const name = nameOf(key, host, index);
        const from = fromOf(snapshot, key);
        const asked = state?.state === 'live' ? requestsOf(state.witness, key) : [];
        const found = asked
          .map(request => ({ request, answer: explain(snapshot, request, from, undefined) }))
          .find(({ answer }) => reaches(answer, key, route, index));
        if (found === undefined || 'fault' in found.answer) {
          warnings.push(`${name}: ${reasonOf(state)}`);
          continue;
        }
        const { request, answer } = found;
        const test = { request: requestOf(request), from: from as NewTest['from'], expect: expectationOf(answer) };
        const known = JSON.stringify([test.request, test.expect]);
        // Sidecars of several namespaces route alike, and so do gateways that share a Gateway: one of them is enough.
        if (seen.has(known)) continue;
        seen.add(known);
        tests.push({ name, ...test });
      }
    }
  }
  return { text: testsYaml(tests), warnings };
}

function nameOf({ kind, gateways, proxy }: ViewpointKey, host: TableHost, index: number): string {
  const route = host.routes[index];
  const source = route?.origin?.rule.source.resource;
  const rule = route?.envoy.name || `#${index + 1}`;
  const { rule: written, matchIndex = 0 } = route?.origin ?? {};
  const match = (written?.match.length ?? 0) > 1 ? ` match ${matchIndex + 1}` : '';
  const where = kind === 'gateway' ? (gateways[0] ?? 'gateway') : `pods in ${proxy.namespace}`;
  return `${source?.name ?? host.name} ${rule}${match}, from ${where}`;
}

/** Whether an answer is about a route; a Gateway that several workloads serve may be answered for another one of them. */
function reaches(answer: ExplainAnswer, key: ViewpointKey, { envoy }: TableRoute, index: number): boolean {
  if ('fault' in answer || answer.route === undefined) return false;
  if (answer.viewpoint.id === key.id) return answer.route.order === index + 1;
  return answer.route.name === (envoy.name ?? '') && answer.route.match === matchText(envoy.match);
}

/** Why there is no test for a route. */
function reasonOf(state: Reachability | undefined): string {
  if (state?.state !== 'live') return 'whether a request reaches it could not be decided';
  return state.witness.claims.length > 0
    ? 'it asks for a verified token'
    : 'no request is known that reaches this route';
}

/** The request of a witness, with the port of the table where it is not the usual one, and as it is. */
function requestsOf(witness: Witness, { port }: ViewpointKey): readonly HttpRequest[] {
  if (witness.claims.length > 0) return [];
  const request: HttpRequest = {
    ...witness,
    headers: Object.entries(witness.headers).map(([name, value]) => [name.toLowerCase(), value] as const),
  };
  const isUsual = port === (witness.scheme === 'https' ? 443 : 80);
  if (isUsual || portOf(witness.authority) !== undefined) return [request];
  return [{ ...request, authority: `${witness.authority}:${port}` }, request];
}

function fromOf({ routing }: Snapshot, { kind, gateways, proxy }: ViewpointKey): AskedProxy {
  if (kind === 'sidecar') return { sidecar: proxy.namespace };
  return { gateway: gateways.find(name => !routing.mesh.assumedGateways.has(name)) ?? gateways[0] ?? '' };
}

function requestOf(request: HttpRequest): NewTest['request'] {
  return { method: request.method, url: urlOf(request), headers: request.headers };
}

/** What the routes do now, in the fields of a test. */
function expectationOf({ route, upstream, redirect, status }: Explanation): NewTest['expect'] {
  const name = route === undefined || route.name === '' ? {} : { route: route.name };
  if (redirect !== undefined) return { ...name, redirect: redirect.location, status: redirect.status };
  if (upstream === undefined) return { ...name, ...(status === undefined ? {} : { status }) };
  const [first, ...others] = upstream.destinations;
  const hosts = new Set(upstream.destinations.map(({ host, port }) => `${host}:${port}`));
  const subsets = new Set(upstream.destinations.map(({ subset }) => subset));
  const destination =
    first === undefined || hosts.size > 1 || first.host === '' ? {} : { destination: `${first.host}:${first.port}` };
  const subset = first === undefined || subsets.size > 1 || first.subset === '' ? {} : { subset: first.subset };
  const named = subsets.size === upstream.destinations.length ? subsetShares(upstream) : clusterShares(upstream);
  return {
    ...name,
    ...destination,
    ...subset,
    ...(others.length === 0 ? {} : { shares: named }),
    path: upstream.path,
    ...(status === undefined ? {} : { status }),
  };
}

function subsetShares({ destinations }: NonNullable<Explanation['upstream']>): Readonly<Record<string, number>> {
  return Object.fromEntries(destinations.map(({ subset, cluster, share }) => [subset || cluster, share]));
}

function clusterShares({ destinations }: NonNullable<Explanation['upstream']>): Readonly<Record<string, number>> {
  const shares: Record<string, number> = {};
  for (const { cluster, share } of destinations) shares[cluster] = (shares[cluster] ?? 0) + share;
  return shares;
}
