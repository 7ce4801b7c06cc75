import { resolveGatewayName, resolveHost } from '../model/host.ts';
import { KeptRoutes } from '../model/kept-routes.ts';
import { gatewayNames } from '../model/references.ts';
import { byAge, keyOf } from '../model/resource.ts';
import type { Destination, HttpMatch, HttpRoute, VirtualService } from '../model/virtual-service.ts';
import { withValue } from '../text/range.ts';
import { expandDelegates } from './delegates.ts';
import type { LeftOut } from './left-out.ts';
import type { Mesh } from './mesh.ts';

/** A VirtualService with its names resolved and its delegates in place (`PILOT.md` 2). */
export interface PreparedVirtualService {
  readonly resource: VirtualService;
  /** Full names as written, in document order. Sidecars take them in lower case; gateways compare them as they are. */
  readonly hosts: readonly string[];
  /** `namespace/name` or `mesh`. */
  readonly gateways: readonly string[];
  readonly rules: readonly PreparedRule[];
  readonly leftOut: readonly LeftOut[];
}

/** A rule of a VirtualService, or one that a delegate put in its place. Hosts in it are full names. */
export interface PreparedRule extends Omit<HttpRoute, 'name' | 'match'> {
  /** Empty without a name. */
  readonly name: string;
  readonly match: readonly PreparedMatch[];
  /** Where it is written: a rule of the VirtualService itself, or of its delegate. */
  readonly source: RuleSource;
  /** The rule of the VirtualService that names the delegate. */
  readonly delegatedBy: RuleSource | undefined;
}

export interface RuleSource {
  readonly resource: VirtualService;
  readonly rule: HttpRoute;
}

/** A match, or what a root's and a delegate's match make together. */
export interface PreparedMatch extends Omit<HttpMatch, 'name' | 'gateways'> {
  readonly name: string;
  readonly gateways: readonly string[];
}

/** All ordinary VirtualServices in Pilot's order; those without hosts are delegates and stand for nothing alone. */
export function prepareVirtualServices(mesh: Mesh): readonly PreparedVirtualService[] {
  const byName = mesh.virtualServices.some(vs => delegateNames(vs).length > 0) ? named(mesh.virtualServices) : NO_NAMES;
  return mesh.virtualServices
    .filter(vs => vs.hosts.length > 0)
    .sort(byAge)
    .map(resource => prepare(resource, byName, mesh.settings));
}

const NO_NAMES: ReadonlyMap<string, VirtualService> = new Map();

/** By `namespace/name`; of several with one name the first. */
function named(all: readonly VirtualService[]): ReadonlyMap<string, VirtualService> {
  const byName = new Map<string, VirtualService>();
  for (const vs of all) if (!byName.has(keyOf(vs))) byName.set(keyOf(vs), vs);
  return byName;
}

const delegateNamesOf = new WeakMap<VirtualService, readonly string[]>();

/** What the rules delegate to, as `namespace/name`. */
function delegateNames(vs: VirtualService): readonly string[] {
  const known = delegateNamesOf.get(vs);
  if (known !== undefined) return known;
  const made: string[] = [];
  for (const { delegate } of vs.http) {
    if (delegate !== undefined) made.push(`${delegate.namespace?.value || vs.namespace}/${delegate.name?.value ?? ''}`);
  }
  delegateNamesOf.set(vs, made);
  return made;
}

interface Prepared {
  readonly key: string;
  readonly delegates: readonly (VirtualService | undefined)[];
  readonly made: PreparedVirtualService;
}

const prepared = new WeakMap<VirtualService, Prepared>();

/** The same object as long as the VirtualService, its delegates and the settings are the same. */
function prepare(
  resource: VirtualService,
  byName: ReadonlyMap<string, VirtualService>,
  settings: Mesh['settings'],
): PreparedVirtualService {
  const { clusterDomain, defaultVirtualServiceExportTo } = settings;
  const key = `${clusterDomain} ${defaultVirtualServiceExportTo.join()}`;
  const delegates = delegateNames(resource).map(name => byName.get(name));
  const known = prepared.get(resource);
  if (known !== undefined && known.key === key && sameList(known.delegates, delegates)) return known.made;
  const { rules, leftOut } = expandDelegates(resource, resolvedRules(resource, clusterDomain), byName, settings);
  const made: PreparedVirtualService = {
    resource,
    hosts: resource.hosts.map(({ value }) => resolveHost(value, resource.namespace, clusterDomain)),
    gateways: gatewayNames(resource).map(name => resolveGatewayName(name, resource.namespace)),
    rules,
    leftOut,
  };
  prepared.set(resource, { key, delegates, made });
  return made;
}

function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

const resolved = new WeakMap<
  VirtualService,
  { readonly clusterDomain: string; readonly rules: readonly PreparedRule[] }
>();

/** The rules of one VirtualService with hosts and gateways resolved in its own namespace. */
export function resolvedRules(vs: VirtualService, clusterDomain: string): readonly PreparedRule[] {
  const known = resolved.get(vs);
  if (known?.clusterDomain === clusterDomain) return known.rules;
  const before = lastParts.before(vs);
  const now = vs.http.map((rule, place) => resolvedParts(rule, vs.namespace, clusterDomain, before[place]));
  lastParts.keep(vs, now);
  const rules = vs.http.map((rule, place) => ownRule(vs, rule, now[place]?.parts ?? NO_PARTS));
  resolved.set(vs, { clusterDomain, rules });
  return rules;
}

/** The fields stand one by one: a spread of this many costs ten times as much, and each edit makes all of them anew. */
function ownRule(
  resource: VirtualService,
  rule: HttpRoute,
  { name, match, route, mirror, mirrors }: Parts,
): PreparedRule {
  return {
    at: rule.at,
    index: rule.index,
    name,
    match,
    route,
    routeAt: rule.routeAt,
    redirect: rule.redirect,
    directResponse: rule.directResponse,
    delegate: rule.delegate,
    rewrite: rule.rewrite,
    timeout: rule.timeout,
    retries: rule.retries,
    fault: rule.fault,
    mirror,
    mirrors,
    mirrorPercent: rule.mirrorPercent,
    mirrorPercentage: rule.mirrorPercentage,
    corsPolicy: rule.corsPolicy,
    headers: rule.headers,
    source: { resource, rule },
    delegatedBy: undefined,
  };
}

/** The fields of a rule that hold names. */
type Parts = Pick<PreparedRule, 'name' | 'match' | 'route' | 'mirror' | 'mirrors'>;

const NO_PARTS: Parts = { name: '', match: [], route: [], mirror: undefined, mirrors: [] };

interface KeptParts {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly parts: Parts;
}

const parts = new WeakMap<HttpRoute, KeptParts>();
const lastParts = new KeptRoutes<KeptParts>();

/** The names of a rule, resolved. While a rule stays the same over edits, its matches and routes are the same objects. */
function resolvedParts(
  rule: HttpRoute,
  namespace: string,
  clusterDomain: string,
  before: KeptParts | undefined,
): KeptParts {
  const known = before ?? parts.get(rule);
  if (known?.namespace === namespace && known.clusterDomain === clusterDomain) return known;
  const full = <T extends Destination | undefined>(destination: T): T =>
    destination?.host === undefined
      ? destination
      : {
          ...destination,
          host: withValue(resolveHost(destination.host.value, namespace, clusterDomain), destination.host),
        };
  const made: Parts = {
    name: rule.name?.value ?? '',
    match: rule.match.map(match => ({
      ...match,
      name: match.name?.value ?? '',
      gateways: match.gateways.map(({ value }) => resolveGatewayName(value, namespace)),
    })),
    route: rule.route.map(entry => ({ ...entry, destination: full(entry.destination) })),
    mirror: full(rule.mirror),
    mirrors: rule.mirrors.map(entry => ({ ...entry, destination: full(entry.destination) })),
  };
  const kept = { namespace, clusterDomain, parts: made };
  parts.set(rule, kept);
  return kept;
}
