import type { FromWebview } from '../../../server/src/contract.ts';
import { html } from './dom.ts';
import { icon } from './icons.ts';

export type ExportChoice = Pick<Extract<FromWebview, { type: 'export' }>, 'format' | 'to'>;

interface Entry extends ExportChoice {
  readonly text: string;
  readonly note: string;
}

const ENTRIES: readonly Entry[] = [
  { text: 'Copy as Markdown', note: 'for a review', format: 'markdown', to: 'clipboard' },
  { text: 'Open as Markdown', note: 'new document', format: 'markdown', to: 'editor' },
  { text: 'Open as JSON', note: 'for programs', format: 'json', to: 'editor' },
  { text: 'Open for Envoy', note: 'in its own form', format: 'envoy', to: 'editor' },
];

/** A button with a menu of formats. */
export class ExportMenu {
  readonly element: HTMLElement;
  private readonly button: HTMLButtonElement;
  private menu: HTMLElement | undefined;

  constructor(private readonly choose: (choice: ExportChoice) => void) {
    this.button = html(
      'button',
      {
        class: 'tool',
        type: 'button',
        id: 'export',
        title: 'Export',
        'aria-haspopup': 'menu',
        'aria-expanded': 'false',
      },
      icon('export'),
      html('span', { class: 'lbl' }, 'Export'),
    );
    this.button.setAttribute('aria-label', 'Export');
    this.button.addEventListener('click', () => (this.menu === undefined ? this.open() : this.close()));
    this.element = html('div', { class: 'menuwrap' }, this.button);
    this.element.addEventListener('keydown', event => this.key(event));
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.element.contains(relatedTarget))) this.close();
    });
  }

  private open(): void {
    const items = ENTRIES.map(({ text, note, ...choice }) => {
      const item = html(
        'button',
        { role: 'menuitem', type: 'button', tabindex: -1 },
        text,
        html('span', { class: 'dim' }, note),
      );
      item.addEventListener('click', () => {
        this.close();
        this.button.focus();
        this.choose(choice);
      });
      return item;
    });
    this.menu = html('div', { class: 'menu', role: 'menu', 'aria-label': 'Export' }, items);
    this.element.append(this.menu);
    this.button.setAttribute('aria-expanded', 'true');
    items[0]?.focus();
  }

  private close(): void {
    const { menu } = this;
    // First forgotten, then removed: removing the focused item reports a loss of focus, which would close it again.
    this.menu = undefined;
    menu?.remove();
    this.button.setAttribute('aria-expanded', 'false');
  }

  private key(event: KeyboardEvent): void {
    if (this.menu === undefined) return;
    const items = [...this.menu.querySelectorAll('button')];
    const focused = document.activeElement;
    const at = focused instanceof HTMLButtonElement ? items.indexOf(focused) : -1;
    switch (event.key) {
      case 'ArrowDown':
        items[(at + 1) % items.length]?.focus();
        break;
      case 'ArrowUp':
        items[(at - 1 + items.length) % items.length]?.focus();
        break;
      case 'Home':
        items[0]?.focus();
        break;
      case 'End':
        items.at(-1)?.focus();
        break;
      case 'Escape':
        this.close();
        this.button.focus();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
