import type { ConsideredView, ExplainedRoute, Explanation, UpstreamView } from '../../contract/explain.ts';
import { requestText } from '../../routing/explain/request.ts';
import { routeLabel } from './sentences.ts';

/** Routes before the winner that are written out; of longer tables those whose path fits. */
const SHOWN = 12;

/** The answer for a terminal: first what comes of it, then why, then what the service gets. */
export function explanationText(answer: Explanation): string {
  const { request, viewpoint, virtualHost } = answer;
  const lines = [requestText(request), ...request.headers.map(([name, value]) => `  ${name}: ${value}`), ''];
  lines.push(`→ ${answer.headline}`, '');
  for (const note of answer.notes) lines.push(`  note: ${note}`);
  if (answer.notes.length > 0) lines.push('');
  lines.push(
    ...columns([
      [
        'proxy',
        `${viewpoint.kind === 'gateway' ? 'Gateway' : viewpoint.group.replace('Sidecars', 'Sidecar')} ${viewpoint.label} (${viewpoint.reason})`,
      ],
      ['route table', viewpoint.routeConfiguration],
      ['virtual host', virtualHost === undefined ? 'none' : `${virtualHost.name} (${virtualHost.reason})`],
    ]),
  );
  lines.push(...routeLines(answer));
  if (answer.faults.length > 0) lines.push('', 'faults', ...answer.faults.map(({ text }) => `  ${text}`));
  if (answer.redirect !== undefined)
    lines.push('', 'redirect', `  ${answer.redirect.status} ${answer.redirect.location} (${answer.redirect.reason})`);
  if (answer.directResponse !== undefined) {
    const { status, body } = answer.directResponse;
    lines.push('', 'answer', `  ${status}${body === '' ? ', without a body' : `: ${body}`}`);
  }
  if (answer.upstream !== undefined) lines.push(...upstreamLines(answer.upstream, request.authority));
  return `${lines.join('\n')}\n`;
}

function routeLines({ considered, route, virtualHost }: Explanation): string[] {
  if (virtualHost === undefined || (considered.length === 0 && route === undefined)) return [];
  const shown = considered.length <= SHOWN ? considered : longTable(considered);
  const rows = shown.map(one => ['  ✗', routeLabel(one), one.sentence, sourceText(one)]);
  const hidden = considered.length - shown.length;
  if (hidden > 0) rows.push(['', '', `and ${hidden} more before it that do not fit (--format json names all)`, '']);
  if (route !== undefined) rows.push(['  ✓', routeLabel(route), route.match, sourceText(route)]);
  return ['', `routes, ${virtualHost.routes} in all`, ...columns(rows)];
}

/** The last ones whose path fits; where there are none, the last ones. */
function longTable(considered: readonly ConsideredView[]): readonly ConsideredView[] {
  const close = considered.filter(({ failed }) => !failed.condition.startsWith('path '));
  return (close.length > 0 ? close : considered).slice(-SHOWN);
}

function upstreamLines({ path, destinations, mirrors, headers, timeout }: UpstreamView, asked: string): string[] {
  const hosts = [...new Set(destinations.map(({ authority }) => authority))];
  const rows = [
    ['  path', path],
    ...hosts.map(host => ['  host', host === asked ? `${host} (as asked)` : host]),
    ...destinations.map(({ text }) => ['  to', text]),
    ...mirrors.map(({ text }) => ['  mirror', text]),
    ...headers.map(({ on, text, cluster }) => [
      `  ${on}`,
      `${text}${cluster === undefined ? '' : ` (only ${cluster})`}`,
    ]),
    ['  time', timeout.text],
  ];
  return ['', 'what the service gets', ...columns(rows)];
}

function sourceText({ source }: ExplainedRoute): string {
  if (source === undefined) return 'made by Istio';
  return `${source.place.path}:${source.place.line} ${source.virtualService}`;
}

const WIDEST = 60;

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, Math.min(WIDEST, cell.length));
  }
  return rows.map(row =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
