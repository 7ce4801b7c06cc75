import type { FromWebview, RouteModel, ToWebview, Viewpoint } from '../../../server/src/contract.ts';
import { type Intent, intentOf } from './controls.ts';
import { byId, html, replaceChildren } from './dom.ts';
import { ExplainPanel } from './explain.ts';
import { Grid } from './grid.ts';
import { Header } from './header.ts';
import { movementOf } from './keyboard.ts';
import { emptiness, failure, followers, goneBanner, loading, noHosts, staleBanner } from './messages.ts';
import { routesAt } from './reveal.ts';
import { nothingFound } from './rows.ts';
import { Sections } from './sections.ts';
import { surroundings } from './sentence.ts';
import { Summary } from './summary.ts';
import { connectionsOf, detailsKey, hostKey, isProblem, linesOf, ownerOf, routeKey } from './table.ts';
import { toggled, type ViewState } from './view-state.ts';

/** What the page needs from outside. */
export interface Outside {
  post(message: FromWebview): void;
  save(state: ViewState): void;
}

/** The preview: one model, one state of the view, and what is drawn of them. */
export class App {
  private model: RouteModel | undefined;
  private cursor: { readonly uri: string; readonly line: number } | undefined;
  /** What the shown table replaced because that is gone. */
  private gone: string | undefined;
  private readonly root = byId('app');
  private readonly live = byId('live');
  private readonly header = new Header({
    viewpoint: id => this.chooseViewpoint(id),
    query: query => this.change({ query }),
    only: only => this.change({ only }),
    export: choice => this.outside.post({ type: 'export', ...choice }),
  });
  private readonly explain = new ExplainPanel({
    post: message => this.outside.post(message),
    say: text => this.say(text),
  });
  private readonly main = html('main', { class: 'main' });
  private readonly banners = html('div', {});
  private readonly rest = html('div', {});
  private readonly sections = new Sections();
  private readonly grid = new Grid(this.main);
  private readonly summary = new Summary(name => this.sections.goTo(name));

  constructor(
    private state: ViewState,
    private readonly outside: Outside,
  ) {
    this.main.append(this.banners, this.grid.element, this.rest, this.sections.element);
    this.header.element.querySelector('.tools')?.prepend(this.explain.toggle);
    this.explain.element.addEventListener('click', event => this.click(event));
    this.grid.element.addEventListener('keydown', event => this.move(event));
    this.main.addEventListener('click', event => this.click(event));
    this.main.addEventListener('dblclick', event => this.openRow(event));
    document.addEventListener('keydown', event => this.shortcut(event));
    replaceChildren(this.root, loading());
  }

  /** Takes a message of the extension. */
  receive(message: ToWebview): void {
    switch (message.type) {
      case 'model':
        this.show(message.model);
        break;
      case 'failed':
        this.model = undefined;
        replaceChildren(this.root, failure(message.message));
        break;
      case 'reveal':
        this.cursor = message;
        this.mark({
          scroll: !this.root.contains(document.activeElement) || document.activeElement === document.body,
        });
        break;
      case 'explain':
        this.explain.open(message.request);
        break;
      case 'explained':
        this.explain.receive(message.id, message.answer);
        break;
      case 'command':
        if (message.command === 'filter') this.header.filter.focus();
        else this.toProblem(message.command);
        break;
    }
  }

  private show(model: RouteModel): void {
    if (model.rest !== undefined && !this.canShowFirst(model)) return;
    const before = this.model?.viewpoints.find(({ id }) => id === this.state.viewpoint);
    this.model = model;
    const { selected } = model;
    if (selected === undefined) {
      replaceChildren(this.root, emptiness(model));
      return;
    }
    if (selected.id !== this.state.viewpoint) {
      const gone = before !== undefined && !model.viewpoints.some(({ id }) => id === before.id);
      this.gone = gone ? `${before.group}, ${before.label}` : undefined;
      if (gone) this.say(`The table of ${this.gone} is gone. Showing ${selected.group}, ${selected.label}.`);
      this.state = { ...this.state, viewpoint: selected.id };
      this.outside.save(this.state);
    }
    if (!this.root.contains(this.main))
      replaceChildren(this.root, this.header.element, this.explain.element, this.summary.element, this.main);
    this.summary.show(selected);
    this.render();
    this.mark({ scroll: false });
  }

  /** The first routes of a table are worth a look before the whole is there: not to a filter, nor in place of the whole. */
  private canShowFirst({ selected }: RouteModel): boolean {
    return !this.isFiltered && (this.viewpoint === undefined || this.viewpoint.id !== selected?.id);
  }

  private get isFiltered(): boolean {
    return this.state.query.trim() !== '' || this.state.only !== 'everything';
  }

  private render(): void {
    const { model, isFiltered: filtered } = this;
    const selected = model?.selected;
    if (model === undefined || selected === undefined) return;
    const lines = linesOf(selected, this.state);
    const active =
      lines.find(({ key }) => key === this.state.active) ?? lines.find(({ kind }) => kind === 'route') ?? lines[0];
    this.header.update(model, this.state);
    replaceChildren(
      this.banners,
      model.stale === undefined ? undefined : staleBanner(model.stale),
      this.gone === undefined ? undefined : goneBanner(this.gone),
    );
    const around = surroundings(selected, this.state.query);
    this.grid.update(selected, lines, around, active?.key);
    this.grid.element.hidden = lines.length === 0;
    const connections = connectionsOf(selected, this.state);
    const noun = selected.connections === undefined ? 'route' : 'connection';
    const empty = filtered ? nothingFound(noun) : noun === 'route' ? noHosts() : undefined;
    const none = lines.length + connections.length > 0 ? undefined : empty;
    replaceChildren(this.rest, none, model.rest === undefined ? undefined : followers(model.rest));
    this.sections.show(selected, connections, around, filtered);
    this.explain.update(selected.id);
  }

  private change(change: Partial<ViewState>): void {
    const filterBefore = [this.state.query, this.state.only].join('\n');
    this.state = { ...this.state, ...change };
    this.outside.save(this.state);
    this.render();
    if ([this.state.query, this.state.only].join('\n') !== filterBefore) this.sayCount();
  }

  private chooseViewpoint(id: string): void {
    this.gone = undefined;
    this.state = { ...this.state, viewpoint: id, active: undefined };
    this.outside.save(this.state);
    this.outside.post({ type: 'viewpoint', id });
    this.main.scrollTop = 0;
  }

  private click(event: MouseEvent): void {
    const key = keyOf(event);
    const intent = intentOf(event);
    if (key !== undefined && this.grid.focusable.includes(key)) this.activate(key, { focus: intent?.kind !== 'go' });
    if (intent) this.act(intent, key, event);
  }

  private act(intent: Intent, key: string | undefined, event: MouseEvent): void {
    switch (intent.kind) {
      case 'open':
        this.outside.post({ type: 'open', place: intent.place, beside: event.ctrlKey || event.metaKey });
        break;
      case 'go':
        this.goToRoute(intent.route);
        break;
      case 'toggle':
        if (key !== undefined) this.toggle(key);
        break;
      case 'try':
        this.explain.open(intent.request);
        break;
      case 'copy':
        this.outside.post({ type: 'copy', text: intent.text });
        break;
      case 'viewpoint':
        this.chooseViewpoint(intent.id);
        break;
      case 'clear-filter':
        this.change({ query: '', only: 'everything' });
        this.header.filter.focus();
        break;
      case 'whole':
        this.sections.showAll(() => this.render());
        break;
    }
  }

  private openRow(event: Event): void {
    if (intentOf(event) === undefined) this.openSource(keyOf(event));
  }

  private openSource(key: string | undefined): void {
    const line = this.grid.line(key);
    const place = line?.kind === 'route' ? line.route.source?.place : undefined;
    if (place) this.outside.post({ type: 'open', place, beside: false });
  }

  private toggle(key: string): void {
    const line = this.grid.line(key);
    if (line?.kind === 'host') this.change({ closed: toggled(this.state.closed, key), active: key });
    else if (line?.kind === 'route') {
      this.change({ open: toggled(this.state.open, key), active: key });
      if (!line.open) this.grid.bringIntoView(detailsKey(line.route), key);
    }
  }

  private activate(key: string, options: { readonly focus: boolean }): void {
    this.state = { ...this.state, active: key };
    this.outside.save(this.state);
    this.grid.activate(key, options);
  }

  /** Goes to a route, which a filter or a folded host may hide. */
  private goToRoute(id: string): void {
    const host = this.viewpoint?.virtualHosts.find(({ routes }) => routes.some(route => route.id === id));
    if (host === undefined) return;
    const key = routeKey(id);
    if (this.grid.line(key) === undefined) {
      const closed = new Set(this.state.closed);
      closed.delete(hostKey(host));
      this.change({ closed, query: '', only: 'everything' });
    }
    this.activate(key, { focus: true });
  }

  private toProblem(direction: 'next' | 'previous'): void {
    const keys = this.grid.focusable;
    const from = Math.max(0, keys.indexOf(this.state.active ?? ''));
    const step = direction === 'next' ? 1 : -1;
    for (let i = 1; i <= keys.length; i++) {
      const key = keys[(from + step * i + keys.length * 2) % keys.length];
      const line = this.grid.line(key);
      if (line?.kind === 'route' && isProblem(line.route)) {
        this.activate(line.key, { focus: true });
        return;
      }
    }
    this.say('No route to look at');
  }

  private move(event: KeyboardEvent): void {
    const focused = this.grid.line(this.grid.focusedKey());
    const line = focused && this.grid.line(ownerOf(focused) ?? focused.key);
    if (line === undefined) return;
    const { key } = line;
    const movement = movementOf(event, { line, keys: this.grid.focusable, row: isRow(event.target) });
    if (movement === undefined) return;
    event.preventDefault();
    switch (movement.kind) {
      case 'to':
        this.activate(movement.key, { focus: true });
        break;
      case 'toggle':
        this.toggle(key);
        break;
      case 'open':
        this.openSource(key);
        break;
      case 'problem':
        this.toProblem(movement.direction);
        break;
    }
  }

  private shortcut(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const find = (event.ctrlKey || event.metaKey) && event.key === 'f';
    if (find || (event.key === '/' && !typing)) {
      event.preventDefault();
      this.header.filter.focus();
    } else if (event.target === this.header.filter) this.filterKey(event);
  }

  private filterKey(event: KeyboardEvent): void {
    const routes = this.grid.focusable.filter(key => this.grid.line(key)?.kind === 'route');
    if (event.key === 'Escape') {
      event.preventDefault();
      this.change({ query: '' });
      if (this.state.active !== undefined) this.activate(this.state.active, { focus: true });
    } else if (event.key === 'ArrowDown' && routes[0] !== undefined) {
      event.preventDefault();
      this.activate(routes[0], { focus: true });
    }
  }

  private mark(options: { readonly scroll: boolean }): void {
    const { cursor, viewpoint } = this;
    if (cursor === undefined || viewpoint === undefined) return;
    this.grid.mark(
      routesAt(viewpoint, cursor.uri, cursor.line).map(({ id }) => routeKey(id)),
      options,
    );
  }

  private get viewpoint(): Viewpoint | undefined {
    return this.model?.selected;
  }

  private sayCount(): void {
    const { viewpoint } = this;
    const connections = viewpoint?.connections && connectionsOf(viewpoint, this.state).length;
    const count = connections ?? this.grid.focusable.filter(key => this.grid.line(key)?.kind === 'route').length;
    const noun = connections === undefined ? 'route' : 'connection';
    this.say(`${count} ${noun}${count === 1 ? '' : 's'}`);
  }

  private say(text: string): void {
    this.live.textContent = text;
  }
}

function keyOf(event: Event): string | undefined {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null;
  return row?.dataset['key'];
}

function isRow(target: EventTarget | null): boolean {
  return target instanceof Element && target.getAttribute('role') === 'row';
}
