import type { RouteModel, ViewpointName } from '../../../server/src/contract.ts';
import { html, replaceChildren } from './dom.ts';
import { type ExportChoice, ExportMenu } from './export-menu.ts';
import { icon } from './icons.ts';
import { isBroken, isProblem, routesOf } from './table.ts';
import type { ViewState } from './view-state.ts';

export interface HeaderEvents {
  viewpoint(id: string): void;
  query(text: string): void;
  only(choice: ViewState['only']): void;
  export(choice: ExportChoice): void;
}

/** Viewpoint, filter and export. Made once and changed in place, so that an update closes no list and moves no caret. */
export class Header {
  readonly element: HTMLElement;
  readonly filter: HTMLInputElement;
  private readonly viewpoints: HTMLSelectElement;
  private readonly hint = html('kbd', { 'aria-hidden': 'true' }, '/');
  private readonly everything: HTMLButtonElement;
  private readonly problems: HTMLButtonElement;
  private readonly configuration = html('span', { class: 'rc m', title: 'Name of the route configuration in Envoy' });
  private shownViewpoints = '';

  constructor(private readonly events: HeaderEvents) {
    this.viewpoints = html('select', {
      id: 'viewpoint',
      class: 'vp',
      'aria-label': 'Viewpoint: the proxy whose table is shown',
    });
    this.viewpoints.addEventListener('change', () => events.viewpoint(this.viewpoints.value));
    this.filter = html('input', {
      id: 'filter',
      type: 'search',
      'aria-label': 'Filter routes',
      'aria-keyshortcuts': '/',
      placeholder: 'Filter by path, service, file',
      spellcheck: 'false',
    });
    this.filter.addEventListener('input', () => events.query(this.filter.value));
    this.everything = html('button', { class: 'tool', type: 'button', id: 'everything' });
    this.everything.addEventListener('click', () => events.only('everything'));
    this.problems = html('button', { class: 'tool', type: 'button', id: 'problems' });
    this.problems.addEventListener('click', () => this.toggleProblems());
    this.element = html(
      'header',
      { class: 'head' },
      html('h1', { class: 'sr' }, 'Effective routes'),
      this.viewpoints,
      html('div', { class: 'search' }, icon('search'), this.filter, this.hint),
      html('div', { class: 'tools' }, new ExportMenu(events.export).element),
      html('div', { class: 'chips' }, this.everything, this.problems, this.configuration),
    );
  }

  update(model: RouteModel, state: ViewState): void {
    const { selected, viewpoints } = model;
    this.showViewpoints(viewpoints);
    this.viewpoints.value = selected?.id ?? '';
    this.viewpoints.title = selected === undefined ? '' : `${selected.group}, ${selected.label}`;
    if (this.filter.value !== state.query) this.filter.value = state.query;
    this.hint.hidden = state.query !== '';
    const { all, problems, noun } = counted(model);
    setText(this.everything, `${all} ${noun}${all === 1 ? '' : 's'}`);
    this.problems.disabled = model.rest !== undefined;
    replaceChildren(this.problems, problems > 0 ? icon('warning', 'st-partly') : undefined, `${problems} to look at`);
    this.everything.setAttribute('aria-pressed', String(state.only === 'everything'));
    this.problems.setAttribute('aria-pressed', String(state.only === 'problems'));
    setText(this.configuration, selected?.routeConfiguration ?? '');
  }

  private toggleProblems(): void {
    this.events.only(this.problems.getAttribute('aria-pressed') === 'true' ? 'everything' : 'problems');
  }

  private showViewpoints(viewpoints: readonly ViewpointName[]): void {
    const look = JSON.stringify(viewpoints);
    if (look === this.shownViewpoints) return;
    this.shownViewpoints = look;
    const groups = [...new Set(viewpoints.map(({ group }) => group))];
    replaceChildren(
      this.viewpoints,
      groups.map(group =>
        html(
          'optgroup',
          { label: group },
          viewpoints.filter(view => view.group === group).map(({ id, label }) => html('option', { value: id }, label)),
        ),
      ),
    );
  }
}

/** What a table has, and how much of it a reader should see. */
function counted({ selected, rest = 0 }: RouteModel): {
  readonly all: number;
  readonly problems: number;
  readonly noun: string;
} {
  const connections = selected?.connections;
  if (connections !== undefined)
    return { all: connections.length, problems: connections.filter(isBroken).length, noun: 'connection' };
  const routes = selected?.virtualHosts.flatMap(routesOf) ?? [];
  return { all: routes.length + rest, problems: routes.filter(isProblem).length, noun: 'route' };
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
