import type { RouteContext } from './action.ts';
import { nameOf } from './delegates.ts';
import type { EnvoyRoute } from './envoy.ts';
import type { LeftOut } from './left-out.ts';
import type { MeshProxy } from './mesh.ts';
import type { PreparedMatch, PreparedRule, PreparedVirtualService } from './prepare.ts';
import { translations } from './translate.ts';

/** A route of a table, and the rule it was made of. */
export interface TableRoute {
  readonly envoy: EnvoyRoute;
  /** `undefined` for routes that Istio makes by itself. */
  readonly origin: RouteOrigin | undefined;
  readonly catchAll: boolean;
}

export interface RouteOrigin {
  readonly virtualService: PreparedVirtualService;
  readonly rule: PreparedRule;
  /** `undefined` for a rule without `match`. */
  readonly match: PreparedMatch | undefined;
  /** Index in the rule's effective matches. */
  readonly matchIndex: number;
}

export interface VirtualServiceRoutes {
  readonly routes: readonly TableRoute[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * The routes of one VirtualService for a proxy, a port and a gateway: one for each match, in order, up to the first
 * catch-all (`PILOT.md` 3, Istio `BuildHTTPRoutesForVirtualService`).
 */
export function routesOf(
  virtualService: PreparedVirtualService,
  proxy: MeshProxy,
  context: RouteContext,
): VirtualServiceRoutes {
  if (context.sharedBy === undefined || !isForAll(virtualService)) return makeRoutes(virtualService, proxy, context);
  const ofContext: Kept = kept.get(context.sharedBy) ?? new WeakMap();
  kept.set(context.sharedBy, ofContext);
  const known = ofContext.get(virtualService) ?? new Map<string, VirtualServiceRoutes>();
  ofContext.set(virtualService, known);
  const key = `${context.key} ${context.gateway} ${context.clusterDomain}`;
  const found = known.get(key) ?? makeRoutes(virtualService, proxy, context);
  known.set(key, found);
  return found;
}

type Kept = WeakMap<PreparedVirtualService, Map<string, VirtualServiceRoutes>>;

const kept = new WeakMap<object, Kept>();
const forAll = new WeakMap<PreparedVirtualService, boolean>();

/** No match asks for a port, a gateway or a client: whoever sees the VirtualService gets the same routes. */
function isForAll(virtualService: PreparedVirtualService): boolean {
  const known = forAll.get(virtualService);
  if (known !== undefined) return known;
  const made = virtualService.rules.every(({ match }) =>
    match.every(
      ({ port, gateways, sourceLabels, sourceNamespace }) =>
        port === undefined && gateways.length === 0 && sourceLabels.length === 0 && sourceNamespace === undefined,
    ),
  );
  forAll.set(virtualService, made);
  return made;
}

function makeRoutes(
  virtualService: PreparedVirtualService,
  proxy: MeshProxy,
  context: RouteContext,
): VirtualServiceRoutes {
  const routes: TableRoute[] = [];
  const leftOut: LeftOut[] = [...virtualService.leftOut];
  let cut: TableRoute | undefined;
  for (const rule of virtualService.rules) {
    const made = cut === undefined ? translations(rule, context) : [];
    const matches: readonly (PreparedMatch | undefined)[] = rule.match.length === 0 ? NO_MATCH : rule.match;
    for (const [matchIndex, match] of matches.entries()) {
      const detail = exclusion(match, proxy, context);
      if (detail !== undefined) leftOut.push({ ...noteOf(rule, match), reason: 'not-for-proxy', detail });
      else if (cut?.origin !== undefined) {
        const by = { resource: cut.origin.rule.source.resource, at: cut.origin.match?.at ?? cut.origin.rule.at };
        leftOut.push({ ...noteOf(rule, match), reason: 'after-catch-all', by });
      } else {
        const { envoy, catchAll } = made[matchIndex] ?? NOTHING;
        const route = { envoy, origin: { virtualService, rule, match, matchIndex }, catchAll };
        routes.push(route);
        if (catchAll) cut = route;
      }
    }
  }
  return { routes, leftOut };
}

/** Whether a VirtualService makes any route for a proxy: without one it counts as absent (`PILOT.md` 3, 4.3). */
export function hasRoutes(
  virtualService: PreparedVirtualService,
  proxy: MeshProxy,
  context: Pick<RouteContext, 'port' | 'gateway'>,
): boolean {
  const { rules } = virtualService;
  if (isForAll(virtualService)) return rules.length > 0;
  return rules.some(
    ({ match }) => match.length === 0 || match.some(found => exclusion(found, proxy, context) === undefined),
  );
}

const NO_MATCH: readonly undefined[] = [undefined];
const NOTHING = { envoy: { match: { prefix: '/' } }, catchAll: true } as const;

function noteOf(rule: PreparedRule, match: PreparedMatch | undefined): Pick<LeftOut, 'resource' | 'at' | 'rule'> {
  return { resource: rule.source.resource, at: match?.at ?? rule.at, rule: nameOf(rule) };
}

/** The field of a match that excludes this proxy; with `gateways` the source is not looked at (`PILOT.md` 3). */
function exclusion(
  match: PreparedMatch | undefined,
  proxy: MeshProxy,
  context: Pick<RouteContext, 'port' | 'gateway'>,
): string | undefined {
  if (match === undefined) return undefined;
  if (match.port !== undefined && match.port.value !== 0 && match.port.value !== context.port) return 'port';
  if (match.gateways.length > 0) return match.gateways.includes(context.gateway) ? undefined : 'gateways';
  if (!match.sourceLabels.every(({ key, value }) => proxy.labels[key.value] === value.value)) return 'sourceLabels';
  const namespace = match.sourceNamespace?.value ?? '';
  return namespace === '' || namespace === proxy.namespace ? undefined : 'sourceNamespace';
}
