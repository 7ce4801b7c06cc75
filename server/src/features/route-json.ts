import type {
  ConnectionView,
  DestinationPolicyView,
  DestinationView,
  RouteView,
  SettingView,
  Viewpoint,
  WitnessView,
} from '../contract.ts';
import type { ViewpointKey } from './viewpoints.ts';

/** The tables of a workspace for other programs: `istio-yaml routes --format json`. Lines are 1-based. */
export function routesJson(
  views: readonly { readonly key: Pick<ViewpointKey, 'kind' | 'gateways'>; readonly view: Viewpoint }[],
): object {
  return {
    viewpoints: views.map(({ key, view }) => ({
      kind: key.kind,
      name: key.kind === 'gateway' ? nameOf(key.gateways[0] ?? '') : view.routeConfiguration,
      namespace: key.kind === 'gateway' ? namespaceOf(key.gateways[0] ?? '') : view.namespace,
      port: view.port,
      routeConfiguration: view.routeConfiguration,
      ...(key.kind === 'gateway'
        ? { gateways: key.gateways, workload: { namespace: view.namespace, labels: view.labels } }
        : {}),
      virtualHosts: view.virtualHosts.map(host => ({
        name: host.name,
        domains: host.domains,
        requireTls: host.requireTls,
        virtualServices: host.virtualServices.map(({ name }) => name),
        ...(host.order === undefined ? {} : { order: host.order }),
        routes: host.routes.map(route => routeJson(route, host.routes, view.policies)),
        ...(host.otherwise === undefined ? {} : { otherwise: host.otherwise }),
      })),
      ...(view.connections === undefined ? {} : { connections: view.connections.map(connectionJson) }),
      leftOut: view.leftOut.map(({ kind, name, reason, place, by }) => ({
        ...(kind === undefined ? {} : { kind }),
        ...{ name, reason, path: place.path, line: place.line },
        ...(by === undefined ? {} : { by: { name: by.name, path: by.place.path, line: by.place.line } }),
      })),
      assumptions: view.assumptions,
    })),
  };
}

function nameOf(gateway: string): string {
  return gateway.slice(gateway.indexOf('/') + 1);
}

function namespaceOf(gateway: string): string {
  return gateway.slice(0, Math.max(0, gateway.indexOf('/')));
}

/** Claims only where a route asks for them. */
function witnessJson({ method, scheme, authority, path, query, headers, claims }: WitnessView): object {
  return { method, scheme, authority, path, query, headers, ...(claims.length === 0 ? {} : { claims }) };
}

function connectionJson({
  order,
  match,
  serverNames,
  ranges,
  action,
  routeConfiguration,
  ...rest
}: ConnectionView): object {
  const { source, destinations } = rest;
  return {
    order,
    resource: source?.virtualService ?? null,
    rule: source?.rule ?? null,
    path: source?.place.path ?? null,
    line: source?.place.line ?? null,
    serverNames,
    ranges,
    default: rest.isDefault,
    text: { match, action },
    ...(routeConfiguration === undefined ? {} : { routeConfiguration }),
    destinations: destinations.map(destinationJson),
  };
}

function destinationJson({ cluster, host, subset, port, weight, share, labels, problem }: DestinationView): object {
  return {
    cluster,
    host,
    subset,
    port,
    weight: weight ?? null,
    share,
    labels,
    ...(problem === undefined ? {} : { problem }),
  };
}

function routeJson(route: RouteView, all: readonly RouteView[], policies: Viewpoint['policies']): object {
  const { source } = route;
  return {
    order: route.order,
    name: route.name,
    resource: source?.virtualService ?? null,
    path: source?.place.path ?? null,
    line: source?.place.line ?? null,
    http: source?.http ?? null,
    match: source?.match ?? null,
    ...(source?.delegatedBy === undefined ? {} : { delegatedBy: source.delegatedBy.name }),
    state: route.undecided && route.state === 'live' ? 'undecided' : route.state,
    coveredBy: route.coveredBy.map(id => all.find(other => other.id === id)?.order ?? 0),
    witness: route.witness === undefined ? null : witnessJson(route.witness),
    text: route.text,
    conditions: route.conditions,
    action: route.action,
    destinations: route.destinations.map(view => ({ ...destinationJson(view), ...policyJson(policies[view.cluster]) })),
    ...(route.redirect === undefined ? {} : { redirect: route.redirect }),
    ...(route.directResponse === undefined ? {} : { directResponse: route.directResponse }),
    badges: route.badges.map(({ kind, text, isDefault }) => ({ kind, text, default: isDefault })),
    policy: route.policy.map(settingJson),
  };
}

/** What DestinationRules decide of a destination; nothing where no service is known. */
function policyJson(policy: DestinationPolicyView | undefined): object {
  if (policy === undefined) return {};
  const rules = policy.rules.map(({ name, place }) => ({ name, path: place.path, line: place.line }));
  return { destinationRules: rules, policy: policy.settings.map(settingJson) };
}

function settingJson({ setting, value, level, place, lost }: SettingView): object {
  return {
    setting,
    value,
    level,
    ...(place === undefined ? {} : { path: place.path, line: place.line }),
    ...(lost === undefined ? {} : { lost: { value: lost.value, why: lost.why } }),
  };
}
