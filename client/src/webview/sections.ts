import type { ConnectionView, LeftOutView, Viewpoint } from '../../../server/src/contract.ts';
import { linkButton, placeLink } from './controls.ts';
import { type Child, html, replaceChildren } from './dom.ts';
import { icon } from './icons.ts';
import { marked, routeLink, type Surroundings } from './sentence.ts';
import { isBroken } from './table.ts';

/** Sections below the table. */
export type SectionName = 'connections' | 'missing' | 'left-out' | 'assumptions';

/** Lines of a section before a button offers the rest. */
const FIRST = 50;
/** Routes that are named in one line. */
const NAMED = 8;

/** What stands below the table: what is not in it, what it does not find, and what it takes for granted. */
export class Sections {
  readonly element = html('div', {});
  private whole = false;
  private shown = '';

  /**
   * @param connections those that the filter leaves
   * @param filtered a filter is on: only what fits it is shown
   */
  show(
    viewpoint: Viewpoint | undefined,
    connections: readonly ConnectionView[],
    around: Surroundings,
    filtered: boolean,
  ): void {
    const leftOut = (viewpoint?.leftOut ?? []).filter(line => !filtered || fits(line, around.query));
    const missing = filtered ? [] : (viewpoint?.missing ?? []);
    const assumptions = filtered ? [] : (viewpoint?.assumptions ?? []);
    const orders = missing.map(({ routes }) => routes.map(id => around.routes.get(id)?.order));
    const look = JSON.stringify([connections, leftOut, missing, orders, assumptions, this.whole, around.query]);
    if (look === this.shown) return;
    this.shown = look;
    replaceChildren(
      this.element,
      section(
        'connections',
        'Connections',
        connections.map((connection, i) => connectionLine(connection, i, around)),
      ),
      section(
        'missing',
        'Not found',
        missing.map(({ name, problem, routes }, i) =>
          rowLine([icon('error', 'st-unreachable'), ' ', name], problem, links(routes, i, around)),
        ),
      ),
      section('left-out', 'Left out of this table', this.leftOutLines(leftOut, around)),
      section(
        'assumptions',
        'What this table assumes',
        assumptions.map(({ term, value }) => rowLine(term, value, '')),
      ),
    );
  }

  /** Moves the focus to the heading of a section and brings it into view. */
  goTo(name: SectionName): void {
    const heading = this.element.querySelector<HTMLElement>(`[data-section="${name}"] h2`);
    heading?.focus({ preventScroll: true });
    heading?.closest('section')?.scrollIntoView({ block: 'start' });
  }

  private leftOutLines(lines: readonly LeftOutView[], around: Surroundings): readonly HTMLElement[] {
    const rows = (this.whole ? lines : lines.slice(0, FIRST)).map(({ name, reason, place, by }, i) =>
      rowLine(marked(name, around), marked(reason, around), [
        reachable(placeLink(`left-out:${i}`, place)),
        by === undefined
          ? undefined
          : html('div', { class: 'dim' }, 'lost to ', reachable(placeLink(`left-out-by:${i}`, by.place))),
      ]),
    );
    if (rows.length === lines.length) return rows;
    const all = reachable(linkButton('left-out-all', { kind: 'whole' }, undefined, `Show all ${lines.length}`));
    return [...rows, html('div', { class: 'rowline', role: 'listitem' }, all)];
  }

  /** Shows the lines that were held back from now on, and moves the focus to the first of them. */
  showAll(render: () => void): void {
    this.whole = true;
    render();
    this.element.querySelector<HTMLElement>(`[data-control="left-out:${FIRST}"]`)?.focus();
  }
}

function connectionLine(connection: ConnectionView, index: number, around: Surroundings): HTMLElement {
  const { match, action, source } = connection;
  return rowLine(
    marked(match, around),
    [isBroken(connection) ? [icon('error', 'st-unreachable'), ' '] : undefined, marked(action, around)],
    source === undefined
      ? ''
      : [
          reachable(placeLink(`connection:${index}`, source.place)),
          html('div', { class: 'dim' }, `${source.virtualService}, ${source.rule}`),
        ],
  );
}

function fits({ name, reason, place }: LeftOutView, query: string): boolean {
  const words = query.toLowerCase();
  return words !== '' && [name, reason, place.path].some(text => text.toLowerCase().includes(words));
}

function links(routes: readonly string[], line: number, around: Surroundings): Child {
  const shown = routes.slice(0, NAMED).map((id, i) => {
    const link = routeLink(`missing:${line}:${i}`, id, around);
    return [i > 0 ? ', ' : '', link instanceof HTMLElement ? reachable(link) : link];
  });
  return [shown, routes.length > NAMED ? ` and ${routes.length - NAMED} more` : undefined];
}

function section(name: SectionName, title: string, lines: readonly HTMLElement[]): HTMLElement | undefined {
  if (lines.length === 0) return undefined;
  return html(
    'section',
    { class: 'sect', 'data-section': name },
    html('h2', { tabindex: -1 }, title),
    html('div', { role: 'list' }, lines),
  );
}

function rowLine(term: Child, value: Child, source: Child): HTMLElement {
  return html(
    'div',
    { class: 'rowline', role: 'listitem' },
    html('span', {}, term),
    html('span', {}, value),
    html('span', {}, source),
  );
}

function reachable(link: HTMLElement): HTMLElement {
  link.tabIndex = 0;
  return link;
}
