import type { RequestView } from '../../../server/src/contract/explain.ts';
import type { Place } from '../../../server/src/contract.ts';
import { type Child, html } from './dom.ts';

/** What a control in the table does when it is pressed. */
export type Intent =
  | { readonly kind: 'open'; readonly place: Place }
  | { readonly kind: 'go'; readonly route: string }
  | { readonly kind: 'toggle' }
  /** Ask what becomes of a request. */
  | { readonly kind: 'try'; readonly request: RequestView }
  | { readonly kind: 'copy'; readonly text: string }
  /** Show another table. */
  | { readonly kind: 'viewpoint'; readonly id: string }
  | { readonly kind: 'clear-filter' }
  /** The lines of a list that are held back. */
  | { readonly kind: 'whole' };

const intents = new WeakMap<Element, Intent>();

/** The intent of the control that an event came from, if it came from one. */
export function intentOf(event: Event): Intent | undefined {
  const control = event.target instanceof Element ? event.target.closest('[data-control]') : null;
  return control === null ? undefined : intents.get(control);
}

/**
 * A button that looks like a link.
 *
 * @param name unique in its row, so that the focus finds it again after an update
 * @param label what a screen reader says when the text alone does not tell
 */
export function linkButton(
  name: string,
  intent: Intent,
  label: string | undefined,
  ...children: readonly Child[]
): HTMLElement {
  const button = html(
    'button',
    { class: 'link', type: 'button', 'aria-label': label, 'data-control': name, tabindex: -1 },
    ...children,
  );
  intents.set(button, intent);
  return button;
}

/** Gives an element that is no button of its own, but stands for one with the keyboard, an intent for the mouse. */
export function mouseControl<E extends Element>(element: E, intent: Intent): E {
  element.setAttribute('data-control', intent.kind);
  intents.set(element, intent);
  return element;
}

/** A link to a place, named by file and line; `text` replaces that name. */
export function placeLink(name: string, place: Place, text?: string): HTMLElement {
  const short = `${fileName(place)}:${place.line}`;
  const shown = text ?? short;
  // The name begins with what is seen, so that it can be called by voice.
  const label = `${shown}, open ${place.path} line ${place.line}`;
  const button = linkButton(name, { kind: 'open', place }, label, shown);
  button.title = `${place.path}:${place.line}`;
  return button;
}

/** The last part of a place's path. */
export function fileName(place: Place): string {
  return place.path.split('/').at(-1) ?? place.path;
}
