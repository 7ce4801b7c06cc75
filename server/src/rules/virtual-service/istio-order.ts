import type { VirtualService } from '../../model/virtual-service.ts';
import { plainValue } from '../../schema/validate.ts';
import { push } from '../../text/push.ts';
import { entry, itemsOf, type MapNode, resolve, type YamlNode } from '../../yaml/node.ts';
import { Fields } from '../fields.ts';

/** What Istio's validation warns of in the order of rules; ids as in `schemas/validation.yaml`. */
export type OrderId = 'VS-93' | 'VS-94' | 'VS-95' | 'VS-96' | 'VS-97';

/** One warning of Istio's on the order of rules (`analyzeUnreachableHTTPRules` and the like). */
export interface OrderWarning {
  readonly list: 'http' | 'tls' | 'tcp';
  /** Index of the rule that it is about. */
  readonly rule: number;
  /** Index of the match, for the warnings on one match. */
  readonly match: number | undefined;
  readonly id: OrderId;
  /** Index of the rule that Istio names as the reason. */
  readonly by: number;
}

const known = new WeakMap<VirtualService, readonly OrderWarning[]>();

/** The lists of a VirtualService as they were asked about last, by what an edit of them leaves alone. */
const latest = new WeakMap<YamlNode, Map<OrderWarning['list'], OrderedList>>();

/**
 * The warnings that Istio gives on the order of the rules of a VirtualService, right or wrong: it compares matches by
 * their text, and of paths only prefixes (`VALIDATION.md` VS-93 to VS-97, and 3d on where it errs).
 */
export function orderWarnings(vs: VirtualService): readonly OrderWarning[] {
  const found = known.get(vs);
  if (found !== undefined) return found;
  const spec = Fields.spec(vs, 'VirtualService');
  const lasting = entry(vs.node, 'metadata')?.value ?? vs.node;
  const before = latest.get(lasting);
  const now = new Map<OrderWarning['list'], OrderedList>();
  for (const list of spec === undefined ? [] : LISTS)
    now.set(list, ordered(list, vs, spec?.node(list), before?.get(list)));
  latest.set(lasting, now);
  const lists = [...now.values()].map(({ warnings }) => warnings).filter(({ length }) => length > 0);
  const warnings = lists.length === 1 && lists[0] !== undefined ? lists[0] : lists.flat();
  known.set(vs, warnings);
  return warnings;
}

const LISTS = ['http', 'tls', 'tcp'] as const;

/** The warnings on a list, and what they were made of. */
interface OrderedList {
  /** Of each rule. */
  readonly matches: readonly (readonly MatchText[])[];
  readonly prefixes: readonly PrefixMatch[];
  /** Of each of the prefixes the first one that covers it. */
  readonly covers: readonly (PrefixMatch | undefined)[];
  readonly warnings: readonly OrderWarning[];
}

/** @param before the list before the last edit: of it is kept what still holds */
function ordered(
  list: OrderWarning['list'],
  vs: VirtualService,
  node: YamlNode | undefined,
  before: OrderedList | undefined,
): OrderedList {
  const matches: (readonly MatchText[])[] = [];
  for (const item of itemsOf(node)) {
    const rule = resolve(item);
    if (rule?.kind === 'map') matches.push(matchesOf(vs, rule, before?.matches[matches.length]));
  }
  if (before?.matches.length === matches.length && before.matches.every((rule, index) => rule === matches[index]))
    return before;
  const prefixes: PrefixMatch[] = [];
  const warnings = [...repetitions(list, matches, prefixes)];
  const covers = firstCovers(prefixes, before);
  for (const [place, { rule, match }] of prefixes.entries()) {
    const cover = covers[place];
    if (cover !== undefined) warnings.push({ list, rule, match, id: 'VS-97', by: cover.rule });
  }
  return { matches, prefixes, covers, warnings };
}

/** @param prefixes takes the matches on a prefix */
function* repetitions(
  list: OrderWarning['list'],
  rules: readonly (readonly MatchText[])[],
  prefixes: PrefixMatch[],
): Generator<OrderWarning> {
  const seen = new Map<string, number>();
  let unconditional: number | undefined;
  for (const [index, matches] of rules.entries()) {
    if (matches.length === 0) {
      if (unconditional !== undefined) yield { list, rule: index, match: undefined, id: 'VS-93', by: unconditional };
      unconditional = index;
      continue;
    }
    if (unconditional !== undefined) yield { list, rule: index, match: undefined, id: 'VS-94', by: unconditional };
    let repeated = 0;
    let by = index;
    for (const [place, { text, conditions }] of matches.entries()) {
      const first = seen.get(text);
      if (first !== undefined) {
        repeated++;
        by = first;
        yield { list, rule: index, match: place, id: 'VS-96', by: first };
        continue;
      }
      seen.set(text, index);
      if (list === 'http' && conditions !== undefined)
        prefixes.push({ conditions, place: prefixes.length, rule: index, match: place });
    }
    if (repeated === matches.length) yield { list, rule: index, match: undefined, id: 'VS-95', by };
  }
}

/**
 * For each prefix the first one before it that covers it. What was found before the last edit holds where neither that
 * cover is gone nor a prefix has come that covers.
 */
function firstCovers(
  prefixes: readonly PrefixMatch[],
  before: Pick<OrderedList, 'prefixes' | 'covers'> | undefined,
): readonly (PrefixMatch | undefined)[] {
  const old = before?.prefixes ?? [];
  const shift = prefixes.length - old.length;
  const shortest = Math.min(prefixes.length, old.length);
  let head = 0;
  while (head < shortest && prefixes[head]?.conditions === old[head]?.conditions) head++;
  let tail = prefixes.length;
  while (tail - Math.max(0, shift) > head && prefixes[tail - 1]?.conditions === old[tail - 1 - shift]?.conditions)
    tail--;
  const fresh = prefixes.slice(head, tail);
  const search = new CoverSearch(prefixes, fresh.length <= MAX_FRESH);
  if (fresh.length > MAX_FRESH) return prefixes.map(later => search.first(later));
  return prefixes.map((later, place) => {
    if (place >= head && place < tail) return search.first(later);
    const cover = before?.covers[place < head ? place : place - shift];
    if (cover !== undefined && cover.place < head) return prefixes[cover.place];
    if (place < head) return undefined;
    if (cover !== undefined && cover.place < tail - shift) return search.first(later);
    return (
      fresh.find(earlier => covers(earlier, later)) ?? (cover === undefined ? undefined : prefixes[cover.place + shift])
    );
  });
}

/** With more new prefixes a list is looked at as if nothing were known of it. */
const MAX_FRESH = 16;
/** So many times a list is walked before it is worth an index. */
const MAX_WALKS = 16;

/** Finds the first prefix that covers one behind it. */
class CoverSearch {
  readonly #prefixes: readonly PrefixMatch[];
  #walks: number;
  #byPrefix: Map<string, PrefixMatch[]> | undefined;

  /** @param isFew only some of them will be asked about */
  constructor(prefixes: readonly PrefixMatch[], isFew: boolean) {
    this.#prefixes = prefixes;
    this.#walks = isFew ? MAX_WALKS : 0;
  }

  first(later: PrefixMatch): PrefixMatch | undefined {
    if (this.#walks > 0) {
      this.#walks--;
      const cover = this.#prefixes.find(earlier => earlier.place >= later.place || covers(earlier, later));
      return cover === undefined || cover.place >= later.place ? undefined : cover;
    }
    // By prefix, so that of a thousand matches each looks only at those whose prefix its own begins with.
    this.#byPrefix ??= grouped(this.#prefixes);
    const { prefix } = later.conditions;
    let first: PrefixMatch | undefined;
    for (let length = 1; length < prefix.length; length++) {
      const cover = this.#byPrefix.get(prefix.slice(0, length))?.find(earlier => covers(earlier, later));
      if (cover !== undefined && cover.place < (first ?? later).place) first = cover;
    }
    return first;
  }
}

function grouped(prefixes: readonly PrefixMatch[]): Map<string, PrefixMatch[]> {
  const groups = new Map<string, PrefixMatch[]>();
  for (const one of prefixes) {
    push(groups, one.conditions.prefix, one);
  }
  return groups;
}

/** What the order of rules asks of a match. */
interface MatchText {
  readonly text: string;
  readonly conditions: Conditions | undefined;
}

const texts = new WeakMap<MapNode, readonly MatchText[]>();

/**
 * The matches of a rule; the same objects while the rule is not edited, or its matches mean the same.
 *
 * @param before those of the rule that stood at its place
 */
function matchesOf(
  { document }: VirtualService,
  rule: MapNode,
  before: readonly MatchText[] | undefined,
): readonly MatchText[] {
  const known = texts.get(rule);
  if (known !== undefined) return known;
  const made = new Fields(document, rule)
    .objects('match')
    .map(match => ({ text: textOf(match), conditions: prefixConditions(match) }));
  const found = before !== undefined && sameMatches(before, made) ? before : made;
  texts.set(rule, found);
  return found;
}

function sameMatches(before: readonly MatchText[], now: readonly MatchText[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ text, conditions }, place) => {
      const other = now[place];
      return other?.text === text && sameConditions(conditions, other.conditions);
    })
  );
}

function sameConditions(a: Conditions | undefined, b: Conditions | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.prefix === b.prefix &&
    a.port === b.port &&
    a.method === b.method &&
    a.authority === b.authority &&
    a.maps.every((map, index) => {
      const other = b.maps[index];
      return map.size === other?.size && [...map].every(([key, value]) => other.get(key) === value);
    })
  );
}

/** A match as a text that is equal for equal ones; its name does not count. */
function textOf({ map }: Fields): string {
  return makeText(plainValue(map));
}

function makeText(value: unknown): string {
  return JSON.stringify(sorted(typeof value === 'object' && value !== null ? { ...value, name: undefined } : value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

/** What Istio keeps of a match on a prefix of the path (`genMatchHTTPRoutes`). */
interface Conditions {
  readonly prefix: string;
  readonly port: number;
  readonly method: string;
  readonly authority: string;
  readonly maps: readonly ReadonlyMap<string, string>[];
}

interface PrefixMatch {
  readonly conditions: Conditions;
  /** Among the matches of the list. */
  readonly place: number;
  readonly rule: number;
  readonly match: number;
}

function prefixConditions(match: Fields): Conditions | undefined {
  const prefix = match.object('uri')?.string('prefix')?.value ?? '';
  if (prefix === '') return undefined;
  return {
    prefix,
    port: match.number('port')?.value ?? 0,
    method: conditionOf(match.object('method')) || 'exact:GET',
    authority: conditionOf(match.object('authority')),
    maps: ['headers', 'queryParams', 'withoutHeaders'].map(
      field => new Map(match.entries(field).map(({ key, value }) => [key.value, conditionOf(match.fieldsOf(value))])),
    ),
  };
}

/** Patterns are nothing to Istio here, so that two different ones are equal. */
function conditionOf(condition: Fields | undefined): string {
  const exact = condition?.string('exact')?.value ?? '';
  if (exact !== '') return `exact:${exact}`;
  const prefix = condition?.string('prefix')?.value ?? '';
  return prefix === '' ? '' : `prefix:${prefix}`;
}

/** Istio `coveredValidation` for a shorter prefix; in it the earlier condition may be the narrower one. */
function covers({ conditions: earlier }: PrefixMatch, { conditions: later }: PrefixMatch): boolean {
  return (
    earlier.prefix.length < later.prefix.length &&
    later.prefix.startsWith(earlier.prefix) &&
    later.port === earlier.port &&
    earlier.method.startsWith(later.method) &&
    earlier.authority.startsWith(later.authority) &&
    earlier.maps.every((map, index) => {
      const other = later.maps[index];
      return (
        other !== undefined &&
        map.size === other.size &&
        [...map].every(([key, value]) => {
          const condition = other.get(key);
          return condition !== undefined && value.startsWith(condition);
        })
      );
    })
  );
}

const byRule = new WeakMap<readonly OrderWarning[], ReadonlyMap<number, readonly OrderWarning[]>>();

/** The warnings on HTTP rules by the index of the rule. */
function warningsByRule(vs: VirtualService): ReadonlyMap<number, readonly OrderWarning[]> {
  const warnings = orderWarnings(vs);
  const found = byRule.get(warnings) ?? ofRules(warnings.filter(({ list }) => list === 'http'));
  byRule.set(warnings, found);
  return found;
}

function ofRules(warnings: readonly OrderWarning[]): ReadonlyMap<number, readonly OrderWarning[]> {
  const groups = new Map<number, OrderWarning[]>();
  for (const warning of warnings) {
    push(groups, warning.rule, warning);
  }
  return groups;
}

/** Codes of a finding on an HTTP rule, or on one match of it: Istio's own where it warns too. */
export function orderCodes(
  vs: VirtualService,
  code: 'IST0130' | 'IST0131',
  rule: number,
  match?: number,
): readonly string[] {
  const own = (warningsByRule(vs).get(rule) ?? []).filter(warning => match === undefined || warning.match === match);
  return [code, ...new Set(own.flatMap(({ id }) => [codeOf(id), id]).filter(other => other !== code))];
}

/** The code of Istio's analyzer for a warning. */
export function codeOf(id: OrderId): 'IST0130' | 'IST0131' {
  return id === 'VS-96' || id === 'VS-97' ? 'IST0131' : 'IST0130';
}
