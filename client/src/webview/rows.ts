import type { RouteView, VirtualHostView } from '../../../server/src/contract.ts';
import { actionLines } from './action-cell.ts';
import { linkButton, mouseControl, placeLink } from './controls.ts';
import { detailsRow } from './details.ts';
import { type Child, html } from './dom.ts';
import { icon } from './icons.ts';
import { matchLines } from './match-cell.ts';
import { marked, type Surroundings, sentence } from './sentence.ts';
import type { Line } from './table.ts';

/** Draws one line of the table as a row of the grid. */
export function drawLine(line: Line, around: Surroundings): HTMLElement {
  switch (line.kind) {
    case 'host':
      return hostRow(line.host, line.open);
    case 'origin':
      return originRow(line.host, around);
    case 'route':
      return routeRow(line, around);
    case 'details':
      return detailsRow(line.route, around);
    case 'otherwise':
      return plainRow('No route', 'anything else', line.text);
    case 'redirected':
      return redirectedRow(line.host);
  }
}

/** Everything that decides how a line looks: equal texts, equal rows. */
export function lookOf(line: Line, around: Surroundings): string {
  switch (line.kind) {
    case 'host':
    case 'origin':
    case 'redirected': {
      const { routes, otherwise: _, ...host } = line.host;
      return JSON.stringify([
        line.kind,
        host,
        routes.length,
        line.kind === 'host' && line.open,
        ordersIn(host.order, around),
      ]);
    }
    case 'route': {
      const { route, open, joined } = line;
      const first = around.routes.get(route.sameAs ?? '');
      const others = [ordersIn(route.reason, around), first?.order, first?.badges];
      return JSON.stringify([route, open, joined, others, around.query]);
    }
    case 'details':
      return JSON.stringify([line.route, line.route.destinations.map(({ cluster }) => around.policies[cluster])]);
    case 'otherwise':
      return line.text;
  }
}

function ordersIn(text: string | undefined, { routes }: Surroundings): readonly (number | undefined)[] {
  return [...(text ?? '').matchAll(/\{([^{}]+)\}/g)].map(match => routes.get(match[1] ?? '')?.order);
}

function hostRow(host: VirtualHostView, open: boolean): HTMLElement {
  const [first = host.name, ...others] = host.domains;
  const count = host.routes.length;
  const row = html(
    'div',
    { class: 'vhost', role: 'row', 'aria-level': 1, 'aria-expanded': String(open) },
    icon('chevron', 'twist'),
    html(
      'div',
      { class: 'vline', role: 'rowheader' },
      html('span', { class: 'name' }, first === '*' ? 'any other host' : first),
      others.length > 0
        ? html(
            'span',
            { class: 'dim', title: host.domains.join('\n') },
            others.length > 1 ? `+ ${others.length} names` : others,
          )
        : undefined,
      host.server === undefined
        ? undefined
        : html(
            'span',
            { class: 'dim' },
            /TLS|HTTPS/.test(host.server.text) ? icon('lock') : undefined,
            ` ${host.server.text}`,
          ),
    ),
    html('span', { class: 'tail', role: 'gridcell' }, count === 1 ? '1 route' : `${count} routes`),
  );
  return mouseControl(row, { kind: 'toggle' });
}

function originRow({ virtualServices, order, server }: VirtualHostView, around: Surroundings): HTMLElement {
  const names = virtualServices.map(({ name, place }, i) => [
    i > 0 ? ', then ' : '',
    placeLink(`vs:${i}`, place, name),
  ]);
  return html(
    'div',
    { class: 'vmeta', role: 'row', 'aria-level': 2 },
    html(
      'div',
      { role: 'gridcell' },
      names.length > 0 ? [names.length > 1 ? 'Merged from ' : 'From ', names] : undefined,
      server === undefined
        ? undefined
        : [names.length > 0 ? ', served by ' : 'Served by ', placeLink('server', server.place)],
      order === undefined
        ? undefined
        : html('div', { class: 'why' }, icon('warning', 'st-partly'), html('span', {}, sentence(order, around))),
    ),
  );
}

function routeRow({ route, open, joined }: Extract<Line, { kind: 'route' }>, around: Surroundings): HTMLElement {
  const dead = route.state === 'unreachable';
  return html(
    'div',
    {
      class: ['route', dead ? 'dead' : '', joined ? 'joined' : ''].filter(Boolean).join(' '),
      role: 'row',
      'aria-level': 2,
      'aria-expanded': String(open),
    },
    orderCell(route),
    html('div', { class: 'cell-m', role: 'gridcell' }, matchLines(route, around), reason(route, around)),
    html('div', { class: 'cell-a', role: 'gridcell' }, actionLines(route, around)),
    sourceCell(route, around),
  );
}

function orderCell(route: RouteView): HTMLElement {
  const failing = route.destinations.some(({ problem }) => problem !== undefined);
  const state =
    route.state === 'unreachable'
      ? { name: 'Unreachable', look: 'unreachable', icon: 'unreachable' as const }
      : failing
        ? { name: 'Leads nowhere', look: 'unreachable', icon: 'error' as const }
        : { name: 'Live', look: 'live', icon: 'live' as const };
  const cell = html(
    'div',
    { class: 'num', role: 'rowheader' },
    icon('chevron', 'twist'),
    html('span', { class: 'sr' }, `Route ${route.order}, ${state.name}`),
    html('span', { class: 'n', 'aria-hidden': 'true' }, String(route.order)),
    html('span', { class: `st-${state.look}`, title: state.name }, icon(state.icon)),
  );
  return mouseControl(cell, { kind: 'toggle' });
}

function reason(route: RouteView, around: Surroundings): Child {
  if (route.state === 'live') return undefined;
  return html(
    'div',
    { class: 'why st-unreachable' },
    icon('warning'),
    html('span', {}, html('b', {}, 'Unreachable. '), sentence(route.reason ?? '', around)),
  );
}

function sourceCell({ source }: RouteView, around: Surroundings): HTMLElement {
  if (source === undefined) {
    return html('div', { class: 'src', role: 'gridcell' }, html('div', { class: 'dim' }, 'no VirtualService'));
  }
  const { delegatedBy } = source;
  return html(
    'div',
    { class: 'src', role: 'gridcell' },
    placeLink('source', source.place),
    html(
      'div',
      { class: 'dim' },
      marked(source.rule, around),
      delegatedBy === undefined
        ? undefined
        : [', delegated by ', placeLink('delegate', delegatedBy.place, delegatedBy.name)],
    ),
  );
}

function redirectedRow({ routes }: VirtualHostView): HTMLElement {
  const count = routes.length === 1 ? '1 route' : `${routes.length} routes`;
  const behind = routes.length === 0 ? '' : `${count} behind it ${routes.length === 1 ? 'is' : 'are'} never looked at.`;
  return plainRow('Live', 'every request', [
    html('div', { class: 'dest' }, icon('redirect'), html('span', {}, 'redirect 301 to https')),
    behind === '' ? undefined : html('div', { class: 'dim' }, behind),
  ]);
}

/** A row that no route was made for. */
function plainRow(name: string, when: string, then: Child): HTMLElement {
  return html(
    'div',
    { class: 'ghost', role: 'row', 'aria-level': 2 },
    html('div', { class: 'num', role: 'rowheader' }, html('span', { class: 'sr' }, name)),
    html('div', { class: 'cell-m', role: 'gridcell' }, html('span', { class: 'anything' }, when)),
    html('div', { class: 'cell-a', role: 'gridcell' }, then),
    html('div', { role: 'gridcell' }),
  );
}

/** The button under an empty table that brings all rows back. */
export function nothingFound(noun: 'route' | 'connection'): HTMLElement {
  const clear = linkButton('clear', { kind: 'clear-filter' }, undefined, 'Clear filter');
  clear.tabIndex = 0;
  return html('div', { class: 'sect dim' }, `No ${noun} matches the filter. `, clear);
}
