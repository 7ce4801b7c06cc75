import { count } from '../rules/words.ts';
import { child, itemsOf, resolve, stringOf, type YamlNode } from '../yaml/node.ts';
import { type HoverPoint, mapAround } from './hover-point.ts';
import { blocks, bold, bullets, code, warning } from './markdown.ts';
import { sharesOf, shareText } from './shares.ts';

/** On a weight, and on the list of destinations: what each one really gets (`PILOT.md` 7, weights). */
export function weightHover(point: HoverPoint): string | undefined {
  const { place, on } = point;
  const type = place?.type;
  if (place?.fieldName === 'weight' && (type === 'HTTPRouteDestination' || type === 'RouteDestination')) {
    const list = point.parents.findLast(parent => parent.kind === 'seq');
    const own = mapAround(point, 0);
    const index = itemsOf(list).findIndex(item => resolve(item) === own);
    return index < 0 || !isReadable(itemsOf(list))
      ? undefined
      : blocks([shareOf(itemsOf(list), index, unitOf(type)), all(itemsOf(list))]);
  }
  const isList = place?.fieldName === 'route' && (type === 'HTTPRoute' || type === 'TCPRoute' || type === 'TLSRoute');
  return isList && on === 'key' && isReadable(itemsOf(point.value)) ? all(itemsOf(point.value)) : undefined;
}

function unitOf(type: string): string {
  return type === 'HTTPRouteDestination' ? 'requests' : 'connections';
}

function weightOf(item: YamlNode | undefined): number | undefined {
  const scalar = child(item, 'weight');
  const value = scalar?.kind === 'scalar' ? scalar.value : undefined;
  return typeof value === 'number'
    ? value
    : typeof value === 'string' && /^\d+$/.test(value)
      ? Number(value)
      : undefined;
}

/** Weights of other types and below 0 are refused: then there are no shares. */
function isReadable(items: readonly YamlNode[]): boolean {
  return items.every(item => (child(item, 'weight') === undefined ? true : (weightOf(item) ?? -1) >= 0));
}

function shareOf(items: readonly YamlNode[], index: number, unit: string): string {
  const weights = items.map(weightOf);
  if (items.length === 1)
    return `Gets ${bold('100 %')} of the ${unit}: it is the only destination, and its weight does not matter.`;
  const sum = weights.reduce<number>((total, weight) => total + Math.max(0, weight ?? 0), 0);
  if (sum === 0) return warning(`The weights of this rule add up to 0. Istio refuses that.`);
  const weight = weights[index] ?? 0;
  const share = bold(shareText(sharesOf(weights)[index] ?? 0));
  const missing = weights.filter(other => other === undefined).length;
  const note =
    missing === 0 ? '' : ` ${count(missing, 'destination')} without weight ${missing === 1 ? 'counts' : 'count'} 0.`;
  const total = sum === 100 ? '' : ` The weights add up to ${sum}, not to 100, which is legal.`;
  return `Gets ${share} of the ${unit}: ${weight} of ${sum}.${total}${note}`;
}

/** One line for each destination, for two or more of them. */
function all(items: readonly YamlNode[]): string | undefined {
  if (items.length < 2) return undefined;
  const weights = items.map(weightOf);
  const shares = sharesOf(weights);
  const lines = items.slice(0, 10).map((item, index) => {
    const weight = weights[index];
    return `${destinationText(child(item, 'destination'))}: ${shareText(shares[index] ?? 0)} (${weight === undefined ? 'no weight' : `weight ${weight}`})`;
  });
  return bullets(items.length > 10 ? [...lines, `and ${items.length - 10} more`] : lines);
}

function destinationText(destination: YamlNode | undefined): string {
  const host = stringOf(child(destination, 'host')) ?? 'no host';
  const subset = stringOf(child(destination, 'subset'));
  return subset === undefined ? code(host) : `${code(host)} ${code(subset)}`;
}
