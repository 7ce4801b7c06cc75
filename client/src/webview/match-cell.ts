import type { ConditionView, RouteView } from '../../../server/src/contract.ts';
import { type Child, html } from './dom.ts';
import { marked, type Surroundings } from './sentence.ts';

const KIND = { exact: 'is', prefix: 'starts with', regex: 'matches regex', present: 'is present' } as const;
const PATH_KIND = {
  exact: 'is exactly',
  prefix: 'starts with',
  regex: 'matches regex',
  present: 'is present',
} as const;
const FIELD = {
  uri: 'path',
  method: 'method',
  authority: 'authority',
  scheme: 'scheme',
  header: 'header',
  withoutHeader: 'header',
  query: 'query',
  claim: 'JWT claim',
  withoutClaim: 'JWT claim',
} as const;

/** The conditions of a route as a sentence: alternatives begin with “or”, further conditions with “and”. */
export function matchLines(route: RouteView, around: Surroundings): readonly HTMLElement[] {
  const or = route.sameAs !== undefined;
  const [first, second, ...others] = route.conditions;
  if (first === undefined) {
    const text = route.order === 1 ? 'everything' : 'anything else';
    return [html('div', { class: 'cond' }, operator(or ? 'or' : ''), html('span', { class: 'anything' }, text))];
  }
  // A method is short: what it is said of stands on the same line.
  const together = first.field === 'method' && second !== undefined;
  const lines = [
    html(
      'div',
      { class: 'cond' },
      operator(or ? 'or' : ''),
      condition(first, around),
      together ? [operator('and'), condition(second, around)] : undefined,
    ),
  ];
  const rest = together || second === undefined ? others : [second, ...others];
  for (const next of rest) lines.push(html('div', { class: 'cond' }, operator('and'), condition(next, around)));
  return lines;
}

function operator(word: 'and' | 'or' | ''): Child {
  if (word === '') return undefined;
  const title = word === 'or' ? 'Another alternative of the same rule' : undefined;
  return html('span', { class: `op ${word}`, title }, word);
}

function condition(view: ConditionView, around: Surroundings): Child {
  const { field, kind, name, value } = view;
  if (field === 'method') return method(view, around);
  const words = field === 'uri' ? PATH_KIND[kind] : negated(view) ? negation(kind) : KIND[kind];
  return [
    // A path needs no word for the eye; the ear wants one.
    field === 'uri'
      ? html('span', { class: 'kw' }, html('span', { class: 'sr' }, 'path '), words)
      : [
          html('span', { class: 'kw' }, FIELD[field]),
          name === '' ? undefined : html('span', { class: 'val' }, marked(name, around)),
          html('span', { class: 'kw' }, words),
        ],
    kind === 'present' ? undefined : operand(value, view, around),
    view.ignoreCase ? html('span', { class: 'kw' }, '(any case)') : undefined,
  ];
}

function operand(value: string, { field, kind }: ConditionView, around: Surroundings): Child {
  const text = marked(value, around);
  const quoted = field !== 'uri' && kind !== 'regex';
  const rest =
    kind === 'prefix'
      ? html('span', { class: 'rest', title: 'anything may follow, also without a slash' }, '…')
      : undefined;
  return html('span', { class: kind === 'regex' ? 'val rx' : 'val' }, quoted ? ['“', text, '”'] : text, rest);
}

function method({ kind, value }: ConditionView, around: Surroundings): Child {
  // A list of methods is often written as a regex; a reader wants the list.
  const list = kind === 'regex' && /^[A-Z]+(?:\|[A-Z]+)*$/.test(value);
  const words = kind === 'exact' || list ? '' : `${KIND[kind]} `;
  return [
    html('span', { class: words === '' ? 'sr' : 'kw' }, `method ${words}`),
    html(
      'span',
      { class: 'chip', title: list ? `regex ${value}` : undefined },
      marked(list ? value.replaceAll('|', ' or ') : value, around),
      kind === 'prefix' ? '…' : undefined,
    ),
  ];
}

function negated({ field }: ConditionView): boolean {
  return field === 'withoutHeader' || field === 'withoutClaim';
}

function negation(kind: ConditionView['kind']): string {
  switch (kind) {
    case 'present':
      return 'is absent';
    case 'exact':
      return 'is not';
    case 'prefix':
      return 'does not start with';
    case 'regex':
      return 'does not match regex';
  }
}
