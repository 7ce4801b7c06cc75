import type { Viewpoint } from '../../../server/src/contract.ts';
import { html, replaceChildren } from './dom.ts';
import { drawLine, lookOf } from './rows.ts';
import type { Surroundings } from './sentence.ts';
import { isFocusable, type Line, ownerOf } from './table.ts';

const CHUNK = 20;
const ESTIMATED_HEIGHT = 52;
/** Rows are made when they are this near to what is visible, in pixels. */
const MARGIN = 800;
/** Rows are taken away again when they are farther than this. */
const KEPT = 4000;

interface Chunk {
  readonly element: HTMLElement;
  lines: readonly Line[];
  readonly first: number;
  filled: boolean;
}

interface Row {
  readonly element: HTMLElement;
  readonly look: string;
  /** What `decorate` has set last. */
  state: string;
}

/**
 * The rows of the table. They are made in chunks, each only when it comes near the visible part. An update touches
 * nothing but rows that look different, and keeps focus and scroll position.
 */
export class Grid {
  readonly element = html('div', { class: 'grid', role: 'treegrid' });
  private readonly header = headerRow();
  private rows = new Map<string, Row>();
  private lines: readonly Line[] = [];
  private chunks: Chunk[] = [];
  /** Id of the table that is shown. */
  private shown = '';
  /** Where each line stands. */
  private places = new Map<string, number>();
  private around: Surroundings = { query: '', routes: new Map(), policies: {} };
  private active: string | undefined;
  private marks: ReadonlySet<string> = new Set();
  private readonly observer: IntersectionObserver;

  /** @param scroller the element that scrolls the grid */
  constructor(private readonly scroller: HTMLElement) {
    this.observer = new IntersectionObserver(
      entries => {
        for (const { isIntersecting, target } of entries) {
          const chunk = isIntersecting ? this.chunks.find(({ element }) => element === target) : undefined;
          if (chunk) this.fill(chunk);
        }
        this.trim();
      },
      { root: scroller, rootMargin: `${MARGIN}px` },
    );
  }

  /** Keys of the rows that can have the focus, from top to bottom. */
  get focusable(): readonly string[] {
    return this.lines.filter(isFocusable).map(({ key }) => key);
  }

  line(key: string | undefined): Line | undefined {
    const at = key === undefined ? undefined : this.places.get(key);
    return at === undefined ? undefined : this.lines[at];
  }

  /** Shows lines, with `active` as the row that Tab leads to. */
  update(viewpoint: Viewpoint, lines: readonly Line[], around: Surroundings, active: string | undefined): void {
    const focus = this.focus();
    const anchor = this.anchor();
    const before = this.focusable;
    this.lines = lines;
    this.places = new Map(lines.map(({ key }, i) => [key, i]));
    this.around = around;
    this.active = active;
    this.element.setAttribute('aria-label', `Effective routes of ${viewpoint.group}, ${viewpoint.label}`);
    this.element.setAttribute('aria-rowcount', String(lines.length + 1));
    if (viewpoint.id !== this.shown) this.clear();
    this.shown = viewpoint.id;
    this.arrange(lines);
    const [first] = this.chunks;
    if (first) this.fill(first);
    if (active !== undefined) this.show(active);
    this.holdStill(anchor);
    if (focus) this.restore(focus, before);
    this.rows = new Map([...this.rows].filter(([key]) => this.places.has(key)));
  }

  /** Makes a row the one that Tab leads to, and with `focus` moves there. */
  activate(key: string, { focus }: { readonly focus: boolean }): void {
    const previous = this.active;
    this.active = key;
    if (previous !== undefined) this.decorate(previous);
    const element = this.show(key);
    this.decorate(key);
    if (element && focus) {
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: 'nearest' });
    }
  }

  /** Marks the rows that the cursor of the editor is on, and brings the first of them into view. */
  mark(keys: readonly string[], { scroll }: { readonly scroll: boolean }): void {
    const previous = this.marks;
    this.marks = new Set(keys);
    for (const key of previous) this.decorate(key);
    const [first] = keys;
    const element = first === undefined ? undefined : this.show(first);
    for (const key of keys) this.decorate(key);
    if (scroll) element?.scrollIntoView({ block: 'nearest' });
  }

  /** Brings rows into view as far as they fit; the last one wins. */
  bringIntoView(...keys: readonly string[]): void {
    for (const key of keys) this.show(key)?.scrollIntoView({ block: 'nearest' });
  }

  /** The key of the row that has the focus, itself or through a control in it. */
  focusedKey(): string | undefined {
    return this.focus()?.key;
  }

  /** The element of a row, made first if it was not made yet. */
  private show(key: string): HTMLElement | undefined {
    const chunk = this.chunkOf(key);
    if (chunk === undefined) return undefined;
    this.fill(chunk);
    return this.rows.get(key)?.element;
  }

  private fill(chunk: Chunk): void {
    if (chunk.filled) return;
    chunk.filled = true;
    this.observer.unobserve(chunk.element);
    chunk.element.style.minHeight = '';
    chunk.element.className = 'filled';
    this.drawRows(chunk);
  }

  /** Distributes lines over the chunks that there are, and makes or removes chunks at the end. */
  private arrange(lines: readonly Line[]): void {
    const count = Math.ceil(lines.length / CHUNK);
    for (const { element } of this.chunks.splice(count)) {
      this.observer.unobserve(element);
      element.remove();
    }
    for (let at = 0; at < count; at++) {
      const part = lines.slice(at * CHUNK, (at + 1) * CHUNK);
      const known = this.chunks[at];
      if (known === undefined) this.add(part);
      else {
        if (!known.filled && known.lines.length !== part.length) known.element.style.minHeight = estimate(part);
        known.lines = part;
      }
    }
    for (const chunk of this.chunks) if (chunk.filled) this.drawRows(chunk);
  }

  private add(lines: readonly Line[]): void {
    const element = html('div', { role: 'rowgroup' });
    element.style.minHeight = estimate(lines);
    this.chunks.push({ element, lines, first: this.chunks.length * CHUNK, filled: false });
    this.element.append(element);
    this.observer.observe(element);
  }

  private clear(): void {
    this.observer.disconnect();
    this.chunks = [];
    this.rows.clear();
    replaceChildren(this.element, this.header);
  }

  /** Puts the rows of a chunk into it; those that stand there already are not moved. */
  private drawRows({ element: group, lines, first }: Chunk): void {
    const rows = lines.map(line => this.draw(line));
    const wanted = new Set<Element>(rows);
    let at = group.firstElementChild;
    for (const [i, row] of rows.entries()) {
      while (at !== null && !wanted.has(at)) at = removed(at);
      if (row === at) at = at.nextElementSibling;
      else group.insertBefore(row, at);
      const index = String(first + i + 2);
      if (row.getAttribute('aria-rowindex') !== index) row.setAttribute('aria-rowindex', index);
    }
    while (at !== null) at = removed(at);
    for (const { key } of lines) this.decorate(key);
  }

  /** Takes away the rows of chunks that are far from what is visible; frames as high as they were stay in their place. */
  private trim(): void {
    const view = this.scroller.getBoundingClientRect();
    const filled = this.chunks.filter(chunk => chunk.filled);
    const near = filled.filter(chunk => this.distance(chunk, view) <= KEPT);
    // The row that Tab leads to stays, and the heading that sticks to the top while rows of its host are visible.
    const kept = new Set([...near, this.chunkOf(this.active), this.headingOf(near[0])]);
    for (const chunk of filled) if (!kept.has(chunk)) this.empty(chunk);
  }

  private empty(chunk: Chunk): void {
    const heights = chunk.lines.map(({ key }) => this.rows.get(key)?.element.getBoundingClientRect().height ?? 0);
    chunk.filled = false;
    chunk.element.className = '';
    chunk.element.style.minHeight = `${heights.reduce((sum, height) => sum + height, 0)}px`;
    chunk.element.replaceChildren();
    for (const { key } of chunk.lines) this.rows.delete(key);
    this.observer.observe(chunk.element);
  }

  /** How far a filled chunk is from what is visible, in pixels; 0 where it is visible. */
  private distance({ lines }: Chunk, view: DOMRect): number {
    // A heading may stick to the top, whatever becomes of its rows.
    const boxes = [lines.find(({ kind }) => kind !== 'host'), lines.at(-1)].map(line => this.box(line));
    const [first, last] = boxes;
    if (first === undefined || last === undefined) return 0;
    return Math.max(0, first.top - view.bottom, view.top - last.bottom);
  }

  private chunkOf(key: string | undefined): Chunk | undefined {
    const at = key === undefined ? undefined : this.places.get(key);
    return at === undefined ? undefined : this.chunks[Math.floor(at / CHUNK)];
  }

  /** The chunk that holds the heading under which a chunk begins. */
  private headingOf(chunk: Chunk | undefined): Chunk | undefined {
    for (let at = chunk?.first ?? -1; at >= 0; at--) {
      if (this.lines[at]?.kind === 'host') return this.chunks[Math.floor(at / CHUNK)];
    }
    return undefined;
  }

  private draw(line: Line): HTMLElement {
    const look = lookOf(line, this.around);
    const known = this.rows.get(line.key);
    if (known?.look === look) return known.element;
    const element = drawLine(line, this.around);
    element.dataset['key'] = line.key;
    this.rows.set(line.key, { element, look, state: '' });
    return element;
  }

  /** Sets what depends on the active row and the marks. The table has one tab stop: the active row with its controls. */
  private decorate(key: string): void {
    const row = this.rows.get(key);
    const line = this.line(key);
    if (row === undefined || line === undefined) return;
    const { element } = row;
    const active = (isFocusable(line) ? key : ownerOf(line)) === this.active;
    const state = `${active} ${this.marks.has(key)}`;
    if (row.state === state) return;
    row.state = state;
    if (isFocusable(line)) {
      element.tabIndex = active ? 0 : -1;
      element.setAttribute('aria-selected', String(active));
      element.classList.toggle('active', this.marks.has(key));
      if (this.marks.has(key)) element.setAttribute('aria-current', 'location');
      else element.removeAttribute('aria-current');
      setControls(element, active);
      const next = this.lines[(this.places.get(key) ?? 0) + 1];
      if (next !== undefined && ownerOf(next) === key) this.decorate(next.key);
    } else setControls(element, active);
  }

  private focus(): { readonly key: string; readonly control: string | undefined } | undefined {
    const element = document.activeElement;
    if (element === null || !this.element.contains(element)) return undefined;
    const key = element.closest<HTMLElement>('[data-key]')?.dataset['key'];
    if (key === undefined) return undefined;
    return {
      key,
      control: element.hasAttribute('data-key') ? undefined : (element.getAttribute('data-control') ?? undefined),
    };
  }

  /** Puts the focus where it was, or onto the row that has come to stand there. */
  private restore({ key, control }: NonNullable<ReturnType<Grid['focus']>>, before: readonly string[]): void {
    const row = this.show(key);
    if (row !== undefined) {
      const inside =
        control === undefined ? null : row.querySelector<HTMLElement>(`[data-control="${CSS.escape(control)}"]`);
      (inside ?? row).focus({ preventScroll: true });
      return;
    }
    const now = this.focusable;
    const next = now[Math.min(before.indexOf(key), now.length - 1)] ?? now[0];
    if (next !== undefined) this.activate(next, { focus: true });
  }

  /** The first row that is visible, and how far it stands from the top. */
  private anchor(): { readonly key: string; readonly top: number } | undefined {
    const edge = this.scroller.getBoundingClientRect().top;
    if (this.scroller.scrollTop === 0) return undefined;
    for (const { filled, lines } of this.chunks) {
      if (!filled || (this.box(lines.at(-1))?.bottom ?? 0) <= edge) continue;
      for (const line of lines) {
        const box = this.box(line);
        // The heading of a host sticks to the top and says nothing about the position.
        if (box !== undefined && line.kind !== 'host' && box.bottom > edge) return { key: line.key, top: box.top };
      }
    }
    return undefined;
  }

  private box(line: Line | undefined): DOMRect | undefined {
    return line === undefined ? undefined : this.rows.get(line.key)?.element.getBoundingClientRect();
  }

  private holdStill(anchor: ReturnType<Grid['anchor']>): void {
    if (anchor === undefined) return;
    const line = this.places.get(anchor.key);
    if (line === undefined) return;
    const at = Math.floor(line / CHUNK);
    // What stands around the anchor is made at once: an empty frame would flicker on each key that is typed.
    for (const chunk of this.chunks.slice(Math.max(0, at - 1), at + 2)) this.fill(chunk);
    const top = this.rows.get(anchor.key)?.element.getBoundingClientRect().top;
    if (top !== undefined) this.scroller.scrollTop += top - anchor.top;
  }
}

function headerRow(): HTMLElement {
  const cell = (text: string, name = ''): HTMLElement =>
    html('span', { role: 'columnheader', class: name === '' ? undefined : name }, text);
  return html(
    'div',
    { role: 'rowgroup' },
    html(
      'div',
      { class: 'colhead', role: 'row', 'aria-rowindex': 1 },
      cell('Order'),
      cell('When'),
      cell('Then'),
      cell('Source', 'src'),
    ),
  );
}

/** A height for rows that are not made yet. */
function estimate({ length }: readonly Line[]): string {
  return `${length * ESTIMATED_HEIGHT}px`;
}

/** Removes an element, and gives the one after it. */
function removed(element: Element): Element | null {
  const next = element.nextElementSibling;
  element.remove();
  return next;
}

function setControls(row: HTMLElement, reachable: boolean): void {
  for (const button of row.querySelectorAll<HTMLElement>('button[data-control]')) button.tabIndex = reachable ? 0 : -1;
}
