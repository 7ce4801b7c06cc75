import type { ExplainAnswer, ExplainParams, HeaderView, RequestView } from '../../../server/src/contract/explain.ts';
import type { FromWebview, RouteView } from '../../../server/src/contract.ts';
import { linkButton } from './controls.ts';
import { type Child, html, replaceChildren } from './dom.ts';
import { answerView, elsewhere, problemView } from './explain-answer.ts';
import { icon } from './icons.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export interface ExplainOutside {
  post(message: Extract<FromWebview, { type: 'explain' }>): void;
  /** Says a sentence to screen readers. */
  say(text: string): void;
}

/** The form in which a request is asked for, and the answer below it. Hidden until it is wanted. */
export class ExplainPanel {
  /** The button that shows and hides the form. */
  readonly toggle: HTMLButtonElement;
  readonly element: HTMLElement;
  private readonly method = html('input', {
    class: 'method m',
    list: 'methods',
    value: 'GET',
    'aria-label': 'Method',
    spellcheck: 'false',
    autocapitalize: 'characters',
  });
  private readonly url = html('input', {
    class: 'url m',
    'aria-label': 'URL',
    placeholder: 'https://host/path?query',
    spellcheck: 'false',
    inputmode: 'url',
  });
  private readonly headers = html('div', { class: 'fields', role: 'group', 'aria-label': 'Headers' });
  private readonly asked: HTMLSelectElement;
  private readonly answer = html('div', { class: 'answer' });
  private viewpoint: string | undefined;
  private asking = 0;
  private shown: ExplainAnswer | undefined;

  constructor(private readonly outside: ExplainOutside) {
    this.toggle = html(
      'button',
      { class: 'tool', type: 'button', id: 'explain', 'aria-expanded': 'false', 'aria-controls': 'explain-panel' },
      icon('to'),
      'Try a Request',
    );
    this.toggle.addEventListener('click', () => (this.element.hidden ? this.open() : this.close()));
    this.asked = html(
      'select',
      { 'aria-label': 'Proxy that gets the request' },
      html('option', { value: 'any' }, 'Proxy: by the URL’s host and port'),
      html('option', { value: 'shown' }, 'Proxy: the table that is shown'),
    );
    this.element = html(
      'section',
      { class: 'explain', id: 'explain-panel', 'aria-label': 'Explain a request', hidden: true },
      this.form(),
      this.answer,
    );
    this.element.addEventListener('keydown', event => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.close();
    });
  }

  /** The table that is shown now. */
  update(viewpoint: string): void {
    const isOther = this.viewpoint !== viewpoint;
    this.viewpoint = viewpoint;
    if (isOther && this.shown !== undefined) this.draw();
    this.mark();
  }

  /** Shows the form, filled from a request where one is given, and asks. */
  open(request?: RequestView): void {
    this.element.hidden = false;
    this.toggle.setAttribute('aria-expanded', 'true');
    if (request !== undefined) this.fill(request);
    this.url.focus();
    if (request !== undefined) this.ask();
    else this.mark();
  }

  close(): void {
    this.element.hidden = true;
    this.toggle.setAttribute('aria-expanded', 'false');
    this.mark();
    this.toggle.focus();
  }

  /** Takes the answer to the question with this number; one that has been overtaken is dropped. */
  receive(id: number, answer: ExplainAnswer): void {
    if (id !== this.asking) return;
    this.shown = answer;
    this.draw();
    this.outside.say('fault' in answer ? answer.fault : answer.headline);
    this.mark();
  }

  /** Marks the rows that were looked at, and the one that takes the request. */
  mark(): void {
    for (const row of document.querySelectorAll('[data-explain]')) row.removeAttribute('data-explain');
    const { shown } = this;
    if (this.element.hidden || shown === undefined || 'fault' in shown || shown.viewpoint.id !== this.viewpoint) return;
    for (const { id } of shown.considered) rowOf(id)?.setAttribute('data-explain', 'passed');
    if (shown.route !== undefined) rowOf(shown.route.id)?.setAttribute('data-explain', 'winner');
  }

  private draw(): void {
    const { shown, viewpoint } = this;
    if (shown === undefined) return;
    if ('fault' in shown) replaceChildren(this.answer, problemView(shown.fault));
    else {
      const other = shown.viewpoint.id === viewpoint ? undefined : elsewhere(shown.viewpoint.id);
      replaceChildren(this.answer, other, answerView(shown));
    }
  }

  private form(): HTMLElement {
    const form = html(
      'form',
      { class: 'request', novalidate: true },
      html(
        'div',
        { class: 'line' },
        this.method,
        html(
          'datalist',
          { id: 'methods' },
          METHODS.map(value => html('option', { value })),
        ),
        this.url,
        html('button', { class: 'primary', type: 'submit' }, 'Explain'),
        this.iconButton('Close the form', () => this.close()),
      ),
      this.headers,
      html('div', { class: 'line' }, this.addButton(), this.asked),
    );
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.ask();
    });
    return form;
  }

  private addButton(): HTMLElement {
    const button = html('button', { class: 'tool', type: 'button' }, '+ Header');
    button.addEventListener('click', () => this.addHeader(['', '']).focus());
    return button;
  }

  private iconButton(label: string, press: () => void): HTMLElement {
    const button = html('button', { class: 'tool', type: 'button', 'aria-label': label, title: label }, icon('close'));
    button.addEventListener('click', press);
    return button;
  }

  private addHeader([name, value]: HeaderView): HTMLInputElement {
    const attributes = { class: 'm', spellcheck: 'false' };
    const nameField = html('input', { ...attributes, 'aria-label': 'Name of the header', placeholder: 'name' });
    const valueField = html('input', { ...attributes, 'aria-label': 'Value of the header', placeholder: 'value' });
    nameField.value = name;
    valueField.value = value;
    const line = html('div', { class: 'line field' }, nameField, valueField);
    line.append(
      this.iconButton('Remove this header', () => {
        line.remove();
        this.url.focus();
      }),
    );
    this.headers.append(line);
    return nameField;
  }

  private fill({ method, scheme, authority, path, query, headers }: RequestView): void {
    this.method.value = method;
    this.url.value = `${scheme}://${authority}${path}${query === '' ? '' : `?${query}`}`;
    this.headers.replaceChildren();
    for (const header of headers) this.addHeader(header);
  }

  private ask(): void {
    const fields = [...this.headers.querySelectorAll('.field')].map((line): HeaderView => {
      const [name, value] = line.querySelectorAll('input');
      return [name?.value.trim() ?? '', value?.value ?? ''];
    });
    const params: ExplainParams = {
      request: {
        method: this.method.value.trim(),
        url: this.url.value.trim(),
        headers: fields.filter(([name, value]) => name !== '' || value !== ''),
      },
      ...(this.asked.value === 'shown' && this.viewpoint !== undefined ? { viewpoint: this.viewpoint } : {}),
    };
    this.asking++;
    this.outside.post({ type: 'explain', id: this.asking, params });
  }
}

function rowOf(id: string): Element | null {
  return document.querySelector(`[data-key="${CSS.escape(`route:${id}`)}"]`);
}

/** Asks for the request that is known to reach a route; nothing where none is known. */
export function witnessButton(route: RouteView): Child {
  const { witness } = route;
  // No form makes a verified token.
  if (witness === undefined || witness.claims.length > 0) return undefined;
  const { method, scheme, authority, path, query } = witness;
  const request: RequestView = { method, scheme, authority, path, query, headers: Object.entries(witness.headers) };
  const text = `${method} ${scheme}://${authority}${path}${query === '' ? '' : `?${query}`}`;
  return [
    linkButton('try', { kind: 'try', request }, `Explain ${text}`, 'Explain a request that reaches it'),
    ' · ',
    linkButton('curl', { kind: 'copy', text: witness.curl }, `Copy ${text} as curl`, 'Copy it as curl'),
  ];
}
