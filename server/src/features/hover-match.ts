import type { HttpMatch, HttpRoute, VirtualService } from '../model/virtual-service.ts';
import { curlCommand } from '../routing/reach/witness.ts';
import { allOf } from '../rules/words.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { HoverPoint } from './hover-point.ts';
import { blocks, bold, bullets, code } from './markdown.ts';
import { conditionTexts } from './match-text.ts';
import { matchReachability } from './match-witness.ts';

/**
 * What the conditions of a rule mean together: AND inside an entry of `match`, OR between entries (`PILOT.md` 6). On the
 * key `match`, on the dash of an entry, and on a key of an entry.
 */
export function matchHover(point: HoverPoint): string | undefined {
  const { path, place, on, resource } = point;
  if (resource.type !== 'VirtualService' || path[1] !== 'http' || path[3] !== 'match') return undefined;
  const rule = resource.http.find(({ index }) => index === path[2]);
  if (rule === undefined) return undefined;
  if (on === 'key' && path.length === 4) return ruleText(rule, point.snapshot, resource);
  const match = rule.match.find(({ index }) => index === path[4]);
  if (match === undefined) return undefined;
  if (on === 'item' && path.length === 5)
    return entryText(rule, match, reachText(rule, match, point.snapshot, resource));
  return on === 'key' && path.length === 6 && place?.type === 'HTTPMatchRequest'
    ? togetherText(rule, match, String(path[5]))
    : undefined;
}

function ruleText(rule: HttpRoute, snapshot: Snapshot, vs: VirtualService): string | undefined {
  const { match } = rule;
  const [first] = match;
  if (first === undefined) return undefined;
  const lines = match.map(entry => wordsOf(entry));
  const head =
    match.length === 1
      ? 'This rule takes requests with:'
      : `This rule takes requests that fulfill ${bold('one')} of ${match.length} entries:`;
  return blocks([head, bullets(lines), match.length === 1 ? reachText(rule, first, snapshot, vs) : '']);
}

/** A request that reaches the match and nothing else, or that none does. */
function reachText(rule: HttpRoute, match: HttpMatch, snapshot: Snapshot, vs: VirtualService): string {
  const reach = matchReachability(vs, rule.index, match.index, snapshot);
  if (reach?.state === 'live') return `Reached for example by ${code(curlCommand(reach.witness))}`;
  return reach?.state === 'unreachable'
    ? `${bold('No request reaches it')}: earlier ones take all of them, or its conditions cannot be met.`
    : '';
}

function entryText(rule: HttpRoute, match: HttpMatch, reached: string): string {
  const position = rule.match.indexOf(match) + 1;
  const head = `${bold(`match[${match.index}]`)} · entry ${position} of ${rule.match.length}`;
  const or =
    rule.match.length > 1 ? `It is enough that ${bold('one')} of the ${rule.match.length} entries fits (OR).` : '';
  return blocks([head, wordsOf(match), `All conditions of an entry must hold (AND). ${or}`.trim(), reached]);
}

function togetherText(rule: HttpRoute, match: HttpMatch, key: string): string | undefined {
  const others = CONDITIONS.filter(name => name !== key && isSet(match, name));
  if (!CONDITIONS.includes(key)) return undefined;
  const and = others.length === 0 ? [] : [`Must hold ${bold('together with')} ${allOf(others.map(code))} (AND).`];
  const more = rule.match.length - 1;
  const or =
    more === 0
      ? []
      : [
          `This entry is one of ${rule.match.length}: a request may fulfill ${more === 1 ? 'the other one' : 'another one'} instead (OR).`,
        ];
  return and.length + or.length === 0 ? undefined : [...and, ...or].join(' ');
}

const CONDITIONS: readonly string[] = [
  'uri',
  'scheme',
  'method',
  'authority',
  'headers',
  'withoutHeaders',
  'queryParams',
  'port',
  'sourceLabels',
  'sourceNamespace',
  'gateways',
];

function isSet(match: HttpMatch, name: string): boolean {
  const value = Object.entries(match).find(([key]) => key === name)?.[1] as unknown;
  return Array.isArray(value) ? value.length > 0 : value !== undefined;
}

function wordsOf(match: HttpMatch): string {
  const texts = conditionTexts(match);
  return texts.length === 0 ? 'every request' : texts.map(code).join(` ${bold('and')} `);
}

/** A condition on a text: what it takes and what it does not, with the user's own value (`PILOT.md` 6). */
export function stringMatchHover(point: HoverPoint): string | undefined {
  const { place, path, value } = point;
  if (place?.type !== 'StringMatch' || value?.kind !== 'scalar' || typeof value.value !== 'string') return undefined;
  const field = path.includes('headers') || path.includes('withoutHeaders') ? 'header' : String(path.at(-2));
  const text = value.value;
  switch (place.fieldName) {
    case 'prefix':
      return field === 'uri' ? uriPrefix(text) : `Takes every value that begins with ${code(text)}.`;
    case 'exact':
      return field === 'uri' ? uriExact(text) : undefined;
    case 'regex':
      return regexText(text, field);
    default:
      return undefined;
  }
}

const NEVER = 'a path always begins with `/`, so this never matches';

function uriPrefix(text: string): string {
  if (text === '' || text === '/') return 'Takes every path.';
  if (!text.startsWith('/')) return `${code(text)}: ${NEVER}.`;
  if (text.endsWith('/'))
    return `Takes ${code(`${text}x`)}, but not ${code(text.slice(0, -1))} itself: the slash at the end is part of the prefix.`;
  return `Takes ${code(text)}, ${code(`${text}/x`)} and also ${code(`${text}x`)}: it compares characters, not path segments.`;
}

function uriExact(text: string): string {
  if (!text.startsWith('/')) return `${code(text)}: ${NEVER}.`;
  const other = text.length > 1 && text.endsWith('/') ? text.slice(0, -1) : `${text}/`.replace('//', '/x');
  return `Takes only ${code(text)}, with any query string; not ${code(other)}.`;
}

function regexText(text: string, field: string): string {
  const subject = field === 'uri' ? 'the whole path, without the query string' : 'the whole value';
  const anchors = text.startsWith('^') || text.endsWith('$') ? ' `^` and `$` are not needed.' : '';
  return `Has to match ${bold(subject)}.${anchors} RE2 knows no lookahead, no lookbehind and no backreferences.`;
}
