import { child, itemsOf, type MapNode, stringOf } from '../yaml/node.ts';
import { type HoverPoint, mapAround } from './hover-point.ts';
import { blocks, bold, bullets, code, warning } from './markdown.ts';
import { numberOf } from './node-values.ts';
import { shareText } from './shares.ts';

/** On percentages: of how many requests they are (`PILOT.md` 7: mirror, fault). On mirrors: who gets how many copies. */
export function percentHover(point: HoverPoint): string | undefined {
  const { place, path, on } = point;
  if (place?.type === 'HTTPRoute' && on === 'key') {
    const rule = mapAround(point, 0);
    const isMirror =
      place.fieldName === 'mirror' ||
      place.fieldName === 'mirrors' ||
      place.fieldName === 'mirrorPercentage' ||
      place.fieldName === 'mirrorPercent';
    return isMirror && rule !== undefined
      ? mirrorText(rule, place.fieldName === 'mirrorPercentage' ? GUIDE : undefined)
      : undefined;
  }
  if (place?.type !== 'Percent' || place.fieldName !== 'value') return undefined;
  const value = numberOf(mapAround(point, 0), 'value');
  if (value === undefined || value < 0 || value > 100) return undefined;
  const rule = mapAround(point, 1);
  if (path.includes('fault'))
    return `${requests(value)} ${path.includes('delay') ? 'held back' : 'answered with the error'}.`;
  const field = path.at(-2);
  if (field === 'mirrorPercentage') return rule === undefined ? undefined : mirrorText(rule, undefined);
  return path.includes('mirrors') ? `${requests(value)} copied to this destination.` : undefined;
}

/** `No request is`, `Every request is`, `1 request in 10 is`, `25 % of the requests are`. */
function requests(value: number): string {
  if (value === 0) return `${bold('No request')} is`;
  if (value === 100) return `${bold('Every request')} is`;
  const every = 100 / value;
  const share = bold(shareText(value));
  return Math.abs(every - Math.round(every)) < 1e-9 && every > 1
    ? `${share} of the requests, 1 in ${Math.round(every)}, are`
    : `${share} of the requests are`;
}

/** `mirrorPercentage` counts before the old `mirrorPercent`; without both it is 100. */
function mirrorText(rule: MapNode, guide: string | undefined): string | undefined {
  const mirrors = itemsOf(child(rule, 'mirrors'));
  const written = child(rule, 'mirrorPercentage');
  const percent =
    written === undefined
      ? (numberOf(rule, 'mirrorPercent') ?? numberOf(rule, 'mirror_percent') ?? 100)
      : (numberOf(written, 'value') ?? 0);
  const mirror = child(rule, 'mirror');
  if (mirror === undefined && mirrors.length === 0)
    return warning('There is no `mirror` in this rule: nothing is copied.');
  if (percent < 0 || percent > 100) return undefined;
  const copies =
    mirror === undefined
      ? bullets(
          mirrors.map(
            item =>
              `${requests(numberOf(child(item, 'percentage'), 'value') ?? 100)} copied to ${nameOf(child(item, 'destination'))}.`,
          ),
        )
      : `${requests(percent)} copied to ${nameOf(mirror)}; its answers are thrown away, and clients do not wait for them.`;
  return blocks([copies, guide]);
}

function nameOf(destination: ReturnType<typeof child>): string {
  const host = stringOf(child(destination, 'host')) ?? '';
  const subset = stringOf(child(destination, 'subset'));
  return subset === undefined ? code(host) : `${code(host)} ${code(subset)}`;
}

const GUIDE = bullets([
  '`100` for an hour or two: a shadow version before its canary, or a new database, until every kind of request was seen. It then carries the full load, writes included.',
  '`50` for a day or two: to compare performance under half of the load.',
  '`10` for as long as you like: to keep comparing answers and error rates.',
]);
