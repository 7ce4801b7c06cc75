import type { ConsistentHash } from '../model/destination-rule.ts';
import { parseDuration } from '../model/duration.ts';
import type { Destination, DirectResponse, Redirect } from '../model/virtual-service.ts';
import {
  CORS,
  clusterName,
  type EnvoyClusterWeight,
  type EnvoyHashPolicy,
  type EnvoyMirrorPolicy,
  type EnvoyRoute,
  type EnvoyRouteAction,
  FAULT,
  protoDuration,
} from './envoy.ts';
import { corsConfig, faultConfig, perHundred, perMillion } from './faults.ts';
import { appendMutations, headerMutations } from './headers.ts';
import type { MeshRetryPolicy } from './mesh.ts';
import type { PreparedRule } from './prepare.ts';
import { retryPolicy } from './retries.ts';

/** What a route depends on beside its rule. */
export interface RouteContext {
  /** Stands for everything below that is the same for all destinations (`contextKey`). */
  readonly key: number;
  /** The same for all ports, with TLS and without: the key for a rule that asks for neither. */
  readonly anyPortKey: number;
  /**
   * Contexts with one key and the same object here know the same services and hashes, so that a VirtualService without
   * conditions on its clients has the same routes in all of them; `undefined` where that is not known.
   */
  readonly sharedBy: object | undefined;
  /** Port that the proxy listens on, and that a rule's `port` is compared with. */
  readonly port: number;
  /** `mesh`, or the gateway as `namespace/name`. */
  readonly gateway: string;
  readonly isTls: boolean;
  readonly clusterDomain: string;
  /** The mesh's policy for rules without `retries`. */
  readonly defaultRetries: MeshRetryPolicy | undefined;
  /** The service behind a full host name, with the ports that decide when a destination names none. */
  readonly service: (
    host: string,
  ) => { readonly ports: readonly number[]; readonly aliasOf: string | undefined } | undefined;
  readonly consistentHash: (destination: Destination) => ConsistentHash | undefined;
}

export type RouteParts = Omit<EnvoyRoute, 'name' | 'match' | 'statPrefix'>;

const keys = new Map<string, number>();

/**
 * The keys of a context: what a route depends on beside its rule and its destinations. Equal values have equal keys;
 * there are as many as a mesh has ports.
 */
export function contextKeys({
  port,
  isTls,
  defaultRetries,
}: Pick<RouteContext, 'port' | 'isTls' | 'defaultRetries'>): Pick<RouteContext, 'key' | 'anyPortKey'> {
  const retries = defaultRetries === undefined ? '' : JSON.stringify(defaultRetries);
  return { key: keyOf(`${port} ${isTls ? 'tls' : ''} ${retries}`), anyPortKey: keyOf(`any ${retries}`) };
}

function keyOf(text: string): number {
  const key = keys.get(text) ?? keys.size;
  keys.set(text, key);
  return key;
}

/** Everything of a route but its name and match (`PILOT.md` 7, Istio `TranslateRoute`). */
export function routeParts(rule: PreparedRule, context: RouteContext): RouteParts {
  const { mutations, authority } = headerMutations(rule.headers);
  const filters = {
    ...(rule.fault === undefined ? {} : { [FAULT]: faultConfig(rule.fault) }),
    ...(rule.corsPolicy === undefined ? {} : { [CORS]: corsConfig(rule.corsPolicy) }),
  };
  const common: RouteParts = {
    ...mutations,
    ...(Object.keys(filters).length === 0 ? {} : { typedPerFilterConfig: filters }),
  };
  if (rule.redirect !== undefined) return { ...common, ...redirectAction(rule.redirect, context) };
  if (rule.directResponse !== undefined) return { ...common, directResponse: directResponse(rule.directResponse) };
  return forward(rule, context, common, authority);
}

function forward(rule: PreparedRule, context: RouteContext, common: RouteParts, ruleAuthority: string): RouteParts {
  const entries = rule.route.filter(entry => entry.destination !== undefined);
  const only = entries.length === 1 ? entries[0] : undefined;
  const hashed = only?.destination !== undefined && context.consistentHash(only.destination) !== undefined;
  const retries = retryPolicy(rule.retries, hashed, context.defaultRetries);
  const timeout = protoDuration(parseDuration(rule.timeout?.value ?? '') ?? 0);
  let authority = rule.rewrite?.authority?.value || ruleAuthority;
  let parts = common;
  let clusters: Pick<EnvoyRouteAction, 'cluster' | 'weightedClusters'> = {};
  if (only?.destination !== undefined) {
    const own = headerMutations(only.headers);
    parts = { ...parts, ...appendMutations(common, own.mutations) };
    authority ||= own.authority;
    clusters = { cluster: destinationCluster(only.destination, context) };
  } else if (entries.length > 1) {
    const weights = weighted(rule, context);
    clusters = { weightedClusters: weights.length === 0 ? {} : { clusters: weights } };
  }
  const { uri, uriRegexRewrite } = rule.rewrite ?? {};
  const mirrors = mirrorPolicies(rule, context);
  const hashPolicy = entries
    .map(entry => (entry.destination === undefined ? undefined : context.consistentHash(entry.destination)))
    .map(hash => (hash === undefined ? undefined : hashPolicyOf(hash)))
    .filter(policy => policy !== undefined);
  const route: EnvoyRouteAction = {
    ...clusters,
    timeout,
    maxGrpcTimeout: timeout,
    ...(retries === undefined ? {} : { retryPolicy: retries }),
    ...(uriRegexRewrite !== undefined
      ? {
          regexRewrite: {
            pattern: { regex: uriRegexRewrite.match?.value ?? '' },
            substitution: uriRegexRewrite.rewrite?.value ?? '',
          },
        }
      : uri !== undefined && uri.value !== ''
        ? { prefixRewrite: uri.value }
        : {}),
    ...(authority === '' ? {} : { hostRewriteLiteral: authority }),
    ...(mirrors.length === 0 ? {} : { requestMirrorPolicies: mirrors }),
    ...(hashPolicy.length === 0 ? {} : { hashPolicy }),
  };
  return { ...parts, route };
}

/** Entries without weight are dropped: they would get nothing (`PILOT.md` 7, weights). */
function weighted(rule: PreparedRule, context: RouteContext): EnvoyClusterWeight[] {
  const clusters: EnvoyClusterWeight[] = [];
  for (const { destination, weight, headers } of rule.route) {
    if (destination === undefined || weight === undefined || weight.value === 0) continue;
    const { mutations, authority } = headerMutations(headers);
    clusters.push({
      name: destinationCluster(destination, context),
      weight: weight.value >>> 0,
      ...mutations,
      ...(authority === '' ? {} : { hostRewriteLiteral: authority }),
    });
  }
  return clusters;
}

/**
 * The cluster of a destination. Without a port it is that of the only port of the service, else that of the listener
 * (`PILOT.md` 4.9, 5.10, Istio `GetDestinationCluster`). Whether such a cluster exists is another question.
 */
export function destinationCluster(destination: Destination, context: Pick<RouteContext, 'port' | 'service'>): string {
  const host = destination.host?.value ?? '';
  const service = context.service(host);
  const only = service?.ports.length === 1 ? service.ports[0] : undefined;
  const port = destination.port?.value || (only ?? context.port);
  return clusterName(port, destination.subset?.value ?? '', service?.aliasOf ?? host);
}

function mirrorPolicies(rule: PreparedRule, context: RouteContext): EnvoyMirrorPolicy[] {
  const policies: EnvoyMirrorPolicy[] = [];
  const add = (
    destination: Destination | undefined,
    fraction: EnvoyMirrorPolicy['runtimeFraction']['defaultValue'],
  ): void => {
    if (destination === undefined || fraction.numerator === undefined) return;
    policies.push({
      cluster: destinationCluster(destination, context),
      runtimeFraction: { defaultValue: fraction },
      traceSampled: false,
      disableShadowHostSuffixAppend: true,
    });
  };
  const { mirrorPercentage, mirrorPercent } = rule;
  const whole = perHundred(mirrorPercent?.value ?? 100);
  add(rule.mirror, mirrorPercentage === undefined ? whole : perMillion(mirrorPercentage));
  for (const { destination, percentage } of rule.mirrors) {
    add(destination, percentage === undefined ? perHundred(100) : perMillion(percentage));
  }
  return policies;
}

export function hashPolicyOf(hash: ConsistentHash): EnvoyHashPolicy | undefined {
  if (hash.httpHeaderName !== undefined) return { header: { headerName: hash.httpHeaderName.value } };
  if (hash.httpCookie !== undefined) {
    const { name, path, ttl } = hash.httpCookie;
    const life = parseDuration(ttl?.value ?? '');
    return {
      cookie: {
        name: name?.value ?? '',
        ...(life === undefined ? {} : { ttl: protoDuration(life) }),
        ...(path === undefined || path.value === '' ? {} : { path: path.value }),
      },
    };
  }
  if (hash.useSourceIp?.value === true) return { connectionProperties: { sourceIp: true } };
  if (hash.httpQueryParameterName !== undefined) return { queryParameter: { name: hash.httpQueryParameterName.value } };
  return undefined;
}

const REDIRECT_CODES = {
  0: {},
  301: {},
  302: { responseCode: 'FOUND' },
  303: { responseCode: 'SEE_OTHER' },
  307: { responseCode: 'TEMPORARY_REDIRECT' },
  308: { responseCode: 'PERMANENT_REDIRECT' },
} as const;

/** Another code leaves the route without an action, and Envoy refuses the whole table (`PILOT.md` 7, redirect). */
function redirectAction(redirect: Redirect, context: RouteContext): Pick<EnvoyRoute, 'redirect'> {
  const code = REDIRECT_CODES[(redirect.redirectCode?.value ?? 0) as keyof typeof REDIRECT_CODES];
  if (code === undefined) return {};
  const { authority, scheme, prefixRewrite, uri } = redirect;
  const written = redirect.derivePort?.value === 'FROM_REQUEST_PORT' ? context.port : (redirect.port?.value ?? 0);
  const effectiveScheme = scheme?.value || (context.isTls ? 'https' : 'http');
  const standard = (effectiveScheme === 'http' && written === 80) || (effectiveScheme === 'https' && written === 443);
  const path = prefixRewrite?.value ? { prefixRewrite: prefixRewrite.value } : { pathRedirect: uri?.value ?? '' };
  return {
    redirect: {
      ...(authority?.value ? { hostRedirect: authority.value } : {}),
      ...path,
      ...(scheme?.value ? { schemeRedirect: scheme.value } : {}),
      ...(written === 0 || standard ? {} : { portRedirect: written }),
      ...code,
    },
  };
}

function directResponse(response: DirectResponse): NonNullable<EnvoyRoute['directResponse']> {
  const { status, string, bytes } = response;
  const body =
    string !== undefined
      ? { inlineString: string.value }
      : bytes !== undefined
        ? { inlineBytes: bytes.value }
        : undefined;
  return { status: status?.value ?? 0, ...(body === undefined ? {} : { body }) };
}
