import type { ExplainedRoute, Explanation } from '../../contract/explain.ts';

/** The answer for other programs: `istio-yaml explain --format json`. Lines are 1-based, shares in percent, times in milliseconds. */
export function explanationJson(answer: Explanation): object {
  const { viewpoint, virtualHost, upstream } = answer;
  return {
    request: { ...answer.request, headers: answer.request.headers.map(([name, value]) => ({ name, value })) },
    summary: answer.headline,
    viewpoint: {
      kind: viewpoint.kind,
      namespace: viewpoint.namespace,
      ...(viewpoint.kind === 'gateway' ? { gateways: viewpoint.gateways } : { labels: viewpoint.labels }),
      port: viewpoint.port,
      routeConfiguration: viewpoint.routeConfiguration,
      reason: viewpoint.reason,
    },
    virtualHost:
      virtualHost === undefined
        ? null
        : { name: virtualHost.name, domain: virtualHost.domain, reason: virtualHost.reason },
    route: answer.route === undefined ? null : routeJson(answer.route),
    status: answer.status ?? null,
    upstream:
      upstream === undefined
        ? null
        : {
            path: upstream.path,
            authority: upstream.authority,
            destinations: upstream.destinations.map(
              ({ cluster, share, host, subset, port, labels, authority, problem }) => ({
                cluster,
                share,
                host,
                subset,
                port,
                labels,
                authority,
                ...(problem === undefined ? {} : { problem }),
              }),
            ),
            mirrors: upstream.mirrors.map(({ cluster, percent }) => ({ cluster, percent })),
            headers: upstream.headers.map(({ on, operation, name, value, becomes, operators, cluster }) => ({
              on,
              operation,
              name,
              ...(operation === 'remove' ? {} : { value }),
              ...(becomes === undefined ? {} : { becomes }),
              ...(operators.length === 0 ? {} : { operators }),
              ...(cluster === undefined ? {} : { cluster }),
            })),
            timeout: upstream.timeout.timeout ?? null,
            retries: upstream.timeout.retries,
            perTryTimeout: upstream.timeout.perTryTimeout ?? null,
            retryOn: upstream.timeout.retryOn,
            worstCase: upstream.timeout.worstCase ?? null,
          },
    redirect:
      answer.redirect === undefined ? null : { status: answer.redirect.status, location: answer.redirect.location },
    directResponse: answer.directResponse ?? null,
    faults: answer.faults.map(({ kind, percent, text }) => ({ kind, percent, text })),
    considered: answer.considered.map(route => ({ route: routeJson(route), failed: route.failed })),
    nearest: answer.nearest === undefined ? null : routeJson(answer.nearest),
    notes: answer.notes,
  };
}

function routeJson({ name, order, source, match }: ExplainedRoute): object {
  return {
    name,
    order,
    resource: source?.virtualService ?? null,
    path: source?.place.path ?? null,
    line: source?.place.line ?? null,
    http: source?.http ?? null,
    match: source?.match ?? null,
    text: match,
  };
}
