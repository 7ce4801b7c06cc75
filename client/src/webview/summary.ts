import type { Viewpoint } from '../../../server/src/contract.ts';
import { html, replaceChildren } from './dom.ts';
import { icon } from './icons.ts';
import type { SectionName } from './sections.ts';

/** One line on what stands below a table that may be long: what is left out, not found, and taken for granted. */
export class Summary {
  readonly element = html('div', { class: 'summary' });
  private shown = '';

  constructor(private readonly goTo: (section: SectionName) => void) {}

  /** Another table, or the same one after a change. */
  show({ leftOut, missing, assumptions }: Viewpoint): void {
    const line = assumptions.map(({ term, value }) => `${term}: ${value}`).join(' · ');
    const look = JSON.stringify([leftOut.length, missing.length, line]);
    if (look === this.shown) return;
    this.shown = look;
    replaceChildren(
      this.element,
      missing.length > 0
        ? this.jump('missing', [icon('error', 'st-unreachable'), `${missing.length} not found`])
        : undefined,
      leftOut.length > 0 ? this.jump('left-out', [icon('none'), `${leftOut.length} left out`]) : undefined,
      line === ''
        ? undefined
        : this.jump('assumptions', [html('span', { class: 'assumed' }, html('b', {}, 'Assumes '), line)]),
    );
  }

  private jump(section: SectionName, content: readonly (Node | string)[]): HTMLElement {
    const button = html('button', { class: 'tool', type: 'button', 'data-section': section }, content);
    button.addEventListener('click', () => this.goTo(section));
    return button;
  }
}
