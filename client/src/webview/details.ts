import type { RouteView } from '../../../server/src/contract.ts';
import { type Child, html } from './dom.ts';
import { witnessButton } from './explain.ts';
import { policyTable } from './policy.ts';
import type { Surroundings } from './sentence.ts';

/** Names, header changes and the policy in force of a route, as the line below it. */
export function detailsRow(route: RouteView, { policies }: Surroundings): HTMLElement {
  const hasPolicy = route.policy.length > 0 || route.destinations.some(({ cluster }) => policies[cluster]);
  return html(
    'div',
    { class: 'detailrow', role: 'row', 'aria-level': 3 },
    html(
      'div',
      { class: 'detail', role: 'gridcell' },
      html('h2', { class: 'sr' }, `Details of route ${route.order}`),
      html('div', {}, html('h3', {}, 'Names'), html('dl', {}, terms(route).map(definition)), witnessButton(route)),
      hasPolicy ? html('div', {}, html('h3', {}, 'Policy in force'), policyTable(route, policies)) : undefined,
    ),
  );
}

interface Term {
  readonly term: string;
  readonly value: string;
}

function terms(route: RouteView): readonly Term[] {
  return [
    { term: 'Rule', value: ruleName(route) },
    ...route.details,
    ...route.destinations.map(({ cluster, labels }) => ({ term: 'Cluster', value: `${cluster}${selected(labels)}` })),
  ];
}

/** The labels by which a subset chooses its endpoints. */
function selected(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(pair => pair.join('='));
  return pairs.length === 0 ? '' : ` (${pairs.join(', ')})`;
}

function ruleName({ source }: RouteView): string {
  if (source === undefined) return 'none, made by Istio for the service';
  const root = source.delegatedBy === undefined ? '' : `${source.delegatedBy.name} › `;
  return `${root}${source.virtualService} › ${source.rule}`;
}

function definition({ term, value }: Term): Child {
  return [html('dt', {}, term), html('dd', { class: 'm' }, breakable(value))];
}

/** Long names of Envoy's may break after their separators. */
function breakable(value: string): Child {
  return value.split(/(?<=[|.])/).flatMap(part => [part, html('wbr', {})]);
}
