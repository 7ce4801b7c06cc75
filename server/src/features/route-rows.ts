import type { BadgeView, RouteView, SourceView, WitnessView } from '../contract.ts';
import { formatDuration, parseDuration } from '../model/duration.ts';
import { conditionsOf, matchText } from '../routing/describe.ts';
import { CORS, type EnvoyRoute, type EnvoyRouteAction, FAULT } from '../routing/envoy.ts';
import { percentOf } from '../routing/faults.ts';
import { type Reachability, reachabilityOf } from '../routing/reach/reachability.ts';
import { curlCommand, type Witness } from '../routing/reach/witness.ts';
import { isDefaultRetryPolicy } from '../routing/retries.ts';
import type { RouteOrigin, TableRoute } from '../routing/routes.ts';
import type { TableHost } from '../routing/table.ts';
import { destinationViews } from './route-destinations.ts';
import type { ViewContext } from './route-model.ts';
import { routePolicy } from './route-policy.ts';

/** The rows of a virtual host, or so many of them from the top. */
export function routeViews(context: ViewContext, host: TableHost, first?: number): readonly RouteView[] {
  const reach = reachabilityOf(host, context.table);
  const routes = first === undefined ? host.routes : host.routes.slice(0, first);
  const ids = routes.map((_, index) => routeId(host, index));
  return routes.map((route, index) => {
    const own = reach[index] ?? { state: 'undecided' };
    const by = own.state === 'unreachable' ? own.by : [];
    const previous = host.routes[index - 1];
    const sameRule =
      previous?.origin !== undefined && previous.origin.rule === route.origin?.rule && previous !== route;
    return routeView(context, route, {
      id: ids[index] ?? '',
      order: index + 1,
      coveredBy: by.map(place => ids[place] ?? ''),
      covering: by.flatMap(place => host.routes[place] ?? []),
      reach: own,
      sameAs: sameRule ? firstOfRule(host.routes, index, ids) : undefined,
      hidden: host.requireTls,
    });
  });
}

/** The id of a route's row; `index` is its 0-based place in the virtual host. */
export function routeId({ name }: TableHost, index: number): string {
  return `${name}/${index + 1}`;
}

function firstOfRule(routes: readonly TableRoute[], index: number, ids: readonly string[]): string | undefined {
  let first = index;
  while (first > 0 && routes[first - 1]?.origin?.rule === routes[index]?.origin?.rule) first--;
  return ids[first];
}

interface Position {
  readonly id: string;
  readonly order: number;
  readonly coveredBy: readonly string[];
  readonly covering: readonly TableRoute[];
  readonly reach: Reachability;
  readonly sameAs: string | undefined;
  /** Behind a redirect of every request to https. */
  readonly hidden: boolean;
}

function routeView(context: ViewContext, route: TableRoute, position: Position): RouteView {
  const { envoy, origin } = route;
  const destinations = destinationViews(context, route);
  const parts = partsOf(envoy);
  const { action, badges, redirect, directResponse } = parts;
  const { reach } = position;
  const dead = reach.state === 'unreachable' || position.hidden;
  return {
    id: position.id,
    order: position.order,
    name: envoy.name ?? '',
    source: sourceOf(context, origin),
    conditions: parts.conditions,
    state: dead ? 'unreachable' : 'live',
    reason: reasonOf(position),
    coveredBy: position.coveredBy,
    witness: reach.state !== 'live' || position.hidden ? undefined : witnessView(reach.witness),
    undecided: reach.state === 'undecided',
    sameAs: position.sameAs,
    action,
    destinations,
    badges,
    redirect,
    directResponse,
    details: parts.details,
    policy: routePolicy(context, route),
    text: {
      match: parts.match,
      action: actionText({ action, destinations, badges, redirect, directResponse }),
    },
  };
}

const witnesses = new WeakMap<Witness, WitnessView>();

function witnessView(witness: Witness): WitnessView {
  const view = witnesses.get(witness) ?? { ...witness, curl: curlCommand(witness) };
  witnesses.set(witness, view);
  return view;
}

/** What a row says of Envoy's route alone. */
type Parts = Pick<RouteView, 'action' | 'conditions' | 'badges' | 'redirect' | 'directResponse' | 'details'> & {
  readonly match: string;
};

/** An edit leaves the routes of the other rules as they are, and with them what their rows say. */
const known = new WeakMap<EnvoyRoute, Parts>();

function partsOf(envoy: EnvoyRoute): Parts {
  const parts = known.get(envoy) ?? partsAnew(envoy);
  known.set(envoy, parts);
  return parts;
}

function partsAnew(envoy: EnvoyRoute): Parts {
  const { route, redirect, directResponse } = envoy;
  return {
    action:
      route !== undefined
        ? 'route'
        : redirect !== undefined
          ? 'redirect'
          : directResponse !== undefined
            ? 'directResponse'
            : 'none',
    conditions: conditionsOf(envoy.match),
    badges: badgesOf(envoy),
    redirect:
      redirect === undefined ? undefined : { code: redirectCode(redirect.responseCode), text: redirectText(envoy) },
    directResponse:
      directResponse === undefined
        ? undefined
        : {
            status: directResponse.status,
            body: directResponse.body?.inlineString ?? directResponse.body?.inlineBytes ?? '',
          },
    details: detailsOf(envoy),
    match: matchText(envoy.match),
  };
}

function reasonOf({ covering, coveredBy: ids, hidden, reach }: Position): string | undefined {
  if (hidden) return 'Every plain request is redirected to https before routes are looked at.';
  if (reach.state !== 'unreachable') return undefined;
  const takers = covering.map(({ envoy }, index) => `{${ids[index] ?? ''}} (${matchText(envoy.match)})`);
  if (covering.length === 1)
    return `{${ids[0] ?? ''}} takes all of its requests: ${matchText(covering[0]?.envoy.match ?? {})}.`;
  return takers.length === 0
    ? 'No request that arrives fulfils its conditions.'
    : `Together these take all of its requests: ${takers.join(', ')}.`;
}

/** Where a row was written; `undefined` for routes that Istio makes by itself. */
export function sourceOf({ toPlace }: ViewContext, origin: RouteOrigin | undefined): SourceView | undefined {
  if (origin === undefined) return undefined;
  const { rule, match } = origin;
  const { resource } = rule.source;
  const place = toPlace(match?.at ?? rule.source.rule.name ?? rule.routeAt ?? rule.at);
  if (place === undefined) return undefined;
  const root = rule.delegatedBy;
  const rootPlace = root === undefined ? undefined : toPlace(root.rule.delegate?.at ?? root.rule.at);
  return {
    virtualService: `${resource.namespace}/${resource.name}`,
    rule: rule.source.rule.name?.value ?? `http[${rule.index}]`,
    http: rule.index,
    match: match?.index,
    place,
    extent: toPlace(rule.source.rule.at) ?? place,
    delegatedBy:
      root === undefined || rootPlace === undefined
        ? undefined
        : { name: `${root.resource.namespace}/${root.resource.name}`, place: rootPlace },
  };
}

function badgesOf(envoy: EnvoyRoute): readonly BadgeView[] {
  const badges: BadgeView[] = [];
  const add = (kind: BadgeView['kind'], text: string, detail = '', isDefault = false): void => {
    badges.push({ kind, text, detail, isDefault });
  };
  const { route } = envoy;
  if (route !== undefined) {
    if (route.prefixRewrite !== undefined)
      add('rewrite', rewriteExample(envoy, route.prefixRewrite), 'rewrite by example: the path sent to the service');
    if (route.regexRewrite !== undefined)
      add(
        'rewrite',
        `${route.regexRewrite.pattern.regex} → ${route.regexRewrite.substitution}`,
        'every match of the pattern in the path is replaced',
      );
    if (route.hostRewriteLiteral !== undefined) add('rewrite', `host becomes ${route.hostRewriteLiteral}`);
    for (const mirror of route.requestMirrorPolicies ?? []) {
      add(
        'mirror',
        `${percentText(percentOf(mirror.runtimeFraction.defaultValue))} copied to ${shortCluster(mirror.cluster)}`,
        mirror.cluster,
      );
    }
  }
  faultBadges(envoy, add);
  if (route !== undefined) timeBadges(route, add);
  const changes = headerChanges(envoy);
  if (changes.length > 0)
    add('headers', changes.length === 1 ? (changes[0] ?? '') : `${changes.length} header changes`, changes.join('\n'));
  if (envoy.typedPerFilterConfig?.[CORS] !== undefined) add('cors', 'CORS');
  if (route?.hashPolicy !== undefined) add('hash', 'sticky: consistent hash', JSON.stringify(route.hashPolicy));
  if (route === undefined && envoy.redirect === undefined && envoy.directResponse === undefined) {
    add('error', 'no action: Envoy refuses the whole table', 'a redirect code that Envoy does not know');
  }
  return badges;
}

type AddBadge = (kind: BadgeView['kind'], text: string, detail?: string, isDefault?: boolean) => void;

function faultBadges(envoy: EnvoyRoute, add: AddBadge): void {
  const fault = envoy.typedPerFilterConfig?.[FAULT];
  if (fault?.delay !== undefined) {
    const share = percentOf(fault.delay.percentage);
    const time = protoText(fault.delay.fixedDelay);
    add('fault', share === 0 ? `delay of ${time} that never strikes` : `${percentText(share)} delayed by ${time}`);
  }
  if (fault?.abort !== undefined) {
    const share = percentOf(fault.abort.percentage ?? {});
    const code = fault.abort.httpStatus ?? `gRPC ${fault.abort.grpcStatus ?? 0}`;
    add('fault', share === 0 ? `abort with ${code} that never strikes` : `${percentText(share)} fail with ${code}`);
  }
}

function timeBadges(route: EnvoyRouteAction, add: AddBadge): void {
  if (route.timeout !== '0s') add('timeout', `timeout ${protoText(route.timeout)}`);
  const policy = route.retryPolicy;
  if (policy === undefined) {
    if (route.cluster !== 'PassthroughCluster') add('retries', 'retries off');
    return;
  }
  const each = policy.perTryTimeout === undefined ? '' : ` of ${protoText(policy.perTryTimeout)}`;
  const noun = policy.numRetries === 1 ? 'retry' : 'retries';
  const isDefault = isDefaultRetryPolicy(policy);
  add(
    'retries',
    `${policy.numRetries} ${noun}${each}${isDefault ? ' by default' : ''}`,
    `on ${policy.retryOn}`,
    isDefault,
  );
}

/** A path that fits the match, and what becomes of it. */
function rewriteExample(envoy: EnvoyRoute, rewrite: string): string {
  const { prefix, path } = envoy.match;
  if (path !== undefined) return `${path} → ${rewrite}`;
  if (prefix === undefined) return `whole path → ${rewrite}`;
  const rest = prefix.endsWith('/') ? 'x' : '/x';
  const example = `${prefix}${rest}`;
  return `${example} → ${rewrite}${example.slice(prefix.length)}`;
}

function headerChanges(envoy: EnvoyRoute): string[] {
  const lines: string[] = [];
  for (const [direction, add, remove] of [
    ['request', envoy.requestHeadersToAdd, envoy.requestHeadersToRemove],
    ['response', envoy.responseHeadersToAdd, envoy.responseHeadersToRemove],
  ] as const) {
    for (const { header, appendAction } of add ?? []) {
      lines.push(`${direction}: ${appendAction === undefined ? 'add' : 'set'} ${header.key}: ${header.value}`);
    }
    for (const name of remove ?? []) lines.push(`${direction}: remove ${name}`);
  }
  return lines;
}

function detailsOf(envoy: EnvoyRoute): RouteView['details'] {
  const details: { term: string; value: string }[] = [];
  if (envoy.name !== undefined && envoy.name !== '') details.push({ term: 'Envoy route', value: envoy.name });
  for (const change of headerChanges(envoy)) details.push({ term: 'Header change', value: change });
  return details;
}

const REDIRECT_CODES = { FOUND: 302, SEE_OTHER: 303, TEMPORARY_REDIRECT: 307, PERMANENT_REDIRECT: 308 } as const;

function redirectCode(code: keyof typeof REDIRECT_CODES | undefined): number {
  return code === undefined ? 301 : REDIRECT_CODES[code];
}

function redirectText({ redirect }: EnvoyRoute): string {
  const { schemeRedirect, hostRedirect, portRedirect, pathRedirect, prefixRewrite } = redirect ?? {};
  const scheme = schemeRedirect === undefined ? '' : `${schemeRedirect}://`;
  const host = hostRedirect ?? (scheme !== '' || portRedirect !== undefined ? '(same host)' : '');
  const port = portRedirect === undefined ? '' : `:${portRedirect}`;
  const path =
    prefixRewrite !== undefined
      ? `${prefixRewrite}…`
      : pathRedirect !== undefined && pathRedirect !== ''
        ? pathRedirect
        : '(same path)';
  return `${scheme}${host}${port}${host === '' ? '' : ' '}${path}`;
}

function actionText(
  view: Pick<RouteView, 'action' | 'destinations' | 'badges' | 'redirect' | 'directResponse'>,
): string {
  const { action, destinations, badges, redirect, directResponse } = view;
  const parts: string[] = [];
  if (redirect !== undefined) parts.push(`redirect ${redirect.code} to ${redirect.text}`);
  else if (directResponse !== undefined) parts.push(`answer ${directResponse.status} without a service`);
  else if (action === 'none') parts.push('nothing');
  else if (destinations.length === 0) parts.push('no destination');
  else {
    const shares = destinations.map(({ shortHost, subset, port, share, problem }) => {
      const name = `${shortHost}${subset === '' ? '' : ` ${subset}`}${port === 0 ? '' : `:${port}`}`;
      return `${destinations.length > 1 ? `${percentText(share)} ` : ''}${name}${problem === undefined ? '' : ` (${problem})`}`;
    });
    parts.push(shares.join(', '));
  }
  return [...parts, ...badges.filter(({ isDefault }) => !isDefault).map(({ text }) => text)].join('; ');
}

/** `12.5%` */
export function percentText(share: number): string {
  return `${Math.round(share * 100) / 100}%`;
}

/** A protobuf duration as one would say it. */
export function protoText(duration: string): string {
  return formatDuration(parseDuration(duration) ?? 0);
}

function shortCluster(cluster: string): string {
  const [, , subset, host] = cluster.split('|');
  return `${host?.split('.')[0] ?? cluster}${subset ? ` ${subset}` : ''}`;
}
