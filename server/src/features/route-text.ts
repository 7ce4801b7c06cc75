import type { RouteView, Viewpoint, VirtualHostView } from '../contract.ts';

/** Widest column of the terminal table before longer texts push it aside. */
const MAX_WIDTH = 64;

/** A table for a terminal: one block for each virtual host, one line for each route. */
export function routesTable(views: readonly Viewpoint[]): string {
  if (views.length === 0) return 'no route table: there is no Gateway, and no service with an HTTP port\n';
  return views.map(tableOf).join('\n');
}

function tableOf(view: Viewpoint): string {
  const lines = [
    `${view.group === 'Gateways' ? 'Gateway' : view.group.replace('Sidecars', 'Sidecar')} ${view.label}  (${view.routeConfiguration})`,
  ];
  for (const host of view.virtualHosts) {
    lines.push('', `  ${hostTitle(host)}`);
    const rows = host.routes.map(route => [
      `${route.order}`,
      mark(route),
      route.text.match,
      `→ ${route.text.action}`,
      sourceText(route),
    ]);
    lines.push(...aligned(rows).map(line => `    ${line}`));
    // Behind a redirect every row has the same reason, which stands in the title.
    for (const route of host.requireTls ? [] : host.routes.filter(({ reason }) => reason !== undefined)) {
      lines.push(`    ! ${route.order}: ${reasonText(route, host)}`);
    }
    if (host.routes.length === 0)
      lines.push(host.requireTls ? '    every request is redirected to https' : '    no routes: 404');
    else if (host.otherwise !== undefined) lines.push(`    anything else → ${host.otherwise}`);
    if (host.order !== undefined) lines.push(`    ! ${host.order}`);
  }
  if (view.connections !== undefined) {
    const rows = view.connections.map(({ order, match, action, source }) => [
      `${order}`,
      match,
      `→ ${action}`,
      source === undefined ? '' : `${source.place.path}:${source.place.line} ${source.virtualService}`,
    ]);
    lines.push('', ...aligned(rows).map(line => `    ${line}`));
  }
  if (view.leftOut.length > 0) {
    lines.push('', '  left out');
    for (const { name, reason, place } of view.leftOut)
      lines.push(`    ${name} (${place.path}:${place.line}): ${reason}`);
  }
  return `${lines.join('\n')}\n`;
}

function hostTitle(host: VirtualHostView): string {
  const [first = '', ...more] = host.domains;
  const also = more.length === 0 ? '' : ` (and ${more.length} more ${more.length === 1 ? 'name' : 'names'})`;
  const redirect = host.requireTls ? ', every request is redirected to https' : '';
  return `${first === '*' ? 'any other host' : first}${also}${host.server === undefined ? '' : `, ${host.server.text}`}${redirect}`;
}

function mark(route: RouteView): string {
  if (route.state === 'unreachable') return '✗';
  return route.destinations.some(({ problem }) => problem !== undefined) ? '!' : ' ';
}

function sourceText({ source }: RouteView): string {
  if (source === undefined) return '';
  const delegated = source.delegatedBy === undefined ? '' : `, for ${source.delegatedBy.name}`;
  return `${source.place.path}:${source.place.line} ${source.virtualService}${delegated}`;
}

/** The sentence with places of routes for their ids. */
export function reasonText(route: RouteView, host: VirtualHostView): string {
  return (route.reason ?? '').replace(
    /\{([^}]+)\}/g,
    (_, id: string) => `#${host.routes.find(other => other.id === id)?.order ?? '?'}`,
  );
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, Math.min(cell.length, MAX_WIDTH));
  }
  return rows.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** The same for a document or a pull request. */
export function routesMarkdown(views: readonly Viewpoint[]): string {
  if (views.length === 0) return 'No route table: there is no Gateway, and no service with an HTTP port.\n';
  return views.map(markdownOf).join('\n');
}

function markdownOf(view: Viewpoint): string {
  const lines = [
    `## ${inert(`${view.group}: ${view.label}`)}`,
    '',
    `${view.connections === undefined ? 'Route configuration' : 'Listener'} \`${view.routeConfiguration}\``,
  ];
  for (const host of view.virtualHosts) {
    lines.push('', `### ${inert(hostTitle(host))}`, '');
    if (host.routes.length === 0) {
      lines.push(host.requireTls ? 'Every request is redirected to https.' : 'No routes: 404.');
      continue;
    }
    lines.push('| # | When | Then | Source |', '| ---: | --- | --- | --- |');
    for (const route of host.routes) {
      const dead = route.reason === undefined ? '' : ` **Unreachable.** ${reasonText(route, host)}`;
      const source = route.source === undefined ? 'Istio' : `${route.source.place.path}:${route.source.place.line}`;
      lines.push(
        `| ${route.order} | ${inert(route.text.match)}${inert(dead)} | ${inert(route.text.action)} | ${inert(source)} |`,
      );
    }
    if (host.otherwise !== undefined) lines.push(`|  | anything else | ${inert(host.otherwise)} |  |`);
    if (host.order !== undefined) lines.push('', `> ${inert(host.order)}`);
  }
  if (view.connections !== undefined) {
    lines.push('', '| # | Connections | Then | Source |', '| ---: | --- | --- | --- |');
    for (const { order, match, action, source } of view.connections) {
      const place = source === undefined ? 'Istio' : `${source.place.path}:${source.place.line}`;
      lines.push(`| ${order} | ${inert(match)} | ${inert(action)} | ${inert(place)} |`);
    }
  }
  if (view.leftOut.length > 0) {
    lines.push('', '### Left out', '');
    for (const { name, reason, place } of view.leftOut)
      lines.push(`- ${inert(name)} (${inert(place.path)}:${place.line}): ${inert(reason)}`);
  }
  const policies = policyRows(view.policies);
  if (policies.length > 0)
    lines.push('', '### Policy in force', '', '| Destination | Setting | Value | From |', '| --- | --- | --- | --- |');
  lines.push(...policies);
  if (view.assumptions.length > 0) {
    const assumed = view.assumptions.map(({ term, value }) => `${term}: ${value}`).join('; ');
    lines.push('', `> Assumed: ${inert(assumed)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What somebody wrote for a destination, and what is lost of it; defaults go without saying. */
function policyRows(policies: Viewpoint['policies']): readonly string[] {
  return Object.entries(policies).flatMap(([cluster, { settings }]) =>
    settings
      .filter(({ place, lost }) => place !== undefined || lost !== undefined)
      .map(({ setting, value, level, place, lost }) => {
        const from = place === undefined ? level : `${level}, ${place.path}:${place.line}`;
        const without = lost === undefined ? '' : ` (${lost.value} is lost: ${lost.why})`;
        return `| ${inert(cluster)} | ${setting} | ${inert(value + without)} | ${inert(from)} |`;
      }),
  );
}

/** Text in which Markdown sees no markup. */
function inert(text: string): string {
  return text
    .replace(/[\\|<>*_`]/g, '\\$&')
    .replace(/\n/g, ' ')
    .replaceAll('\\*\\*Unreachable.\\*\\*', '**Unreachable.**');
}
