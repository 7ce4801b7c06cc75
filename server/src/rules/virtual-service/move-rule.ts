import type { VirtualService } from '../../model/virtual-service.ts';
import { resolvedRules } from '../../routing/prepare.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import type { YamlDocument } from '../../yaml/document.ts';
import type { SeqNode } from '../../yaml/node.ts';
import { listOf } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { ruleName, type SiteState, siteKey, siteStates, statesInOrder } from './dead.ts';
import type { DeadRule } from './dead-rules.ts';

/** In longer lists nobody looks for a place by trying. */
const MOST_RULES = 200;

/**
 * Moves a rule that no request reaches above the first of those that take its requests. Only where every match of the rule
 * then gets some, and no other match loses all of its own; that is tried, not guessed.
 */
export function moveAbove(vs: VirtualService, { rule, dead }: DeadRule, snapshot: Snapshot): readonly Fix[] {
  const takers = dead.flatMap(({ by }) => by);
  if (vs.http.length > MOST_RULES || vs.http.some(({ delegate }) => delegate !== undefined)) return [];
  if (vs.hosts.length === 0 || takers.some(taker => taker.rule.source.resource !== vs)) return [];
  const target = Math.min(...takers.map(taker => taker.rule.index));
  if (!(target < rule.index)) return [];
  const rules = resolvedRules(vs, snapshot.settings.mesh.clusterDomain);
  const [moved, above] = [rules.find(({ index }) => index === rule.index), rules.find(({ index }) => index === target)];
  if (moved === undefined || above === undefined) return [];
  const order = rules.flatMap(other => (other === moved ? [] : other === above ? [moved, other] : [other]));
  if (!isBetter(siteStates(vs, snapshot), statesInOrder(vs, order, snapshot), rule.index)) return [];
  const found = listOf(vs.document, rule.source.rule.at);
  const place = listOf(vs.document, above.source.rule.at);
  if (found === undefined || place?.list !== found.list) return [];
  const edits = moveItem(vs.document, found.list, found.index, place.index);
  return edits === undefined ? [] : [{ title: `Move the rule above ${ruleName(above)}`, edits }];
}

/** All matches of a rule are alive now, and none of another rule has died. */
function isBetter(before: readonly SiteState[], after: readonly SiteState[], rule: number): boolean {
  const keyOf = ({ site }: SiteState): string => siteKey(site.rule.index, site.match?.index);
  const old = new Map(before.map(state => [keyOf(state), state] as const));
  return after.every(state => {
    const states = [...state.from];
    if (state.site.rule.index === rule) return states.length > 0 && states.every(([, value]) => value === 'live');
    const was = old.get(keyOf(state))?.from;
    return states.every(([gateway, value]) => typeof value === 'string' || typeof was?.get(gateway) === 'object');
  });
}

/** Moves an item of a block list up, with the comments above it; `undefined` where that is not a matter of whole lines. */
function moveItem(document: YamlDocument, list: SeqNode, from: number, to: number): Fix['edits'] | undefined {
  const { text } = document;
  const [start, target] = [startOfItem(document, list, from), startOfItem(document, list, to)];
  const item = list.items[from];
  if (start === undefined || target === undefined || item === undefined) return undefined;
  const last = text.slice(0, item.end).trimEnd().length;
  const lineBreak = text.indexOf('\n', last);
  const end = lineBreak < 0 ? text.length : lineBreak + 1;
  const lines = text.slice(start, end);
  // What names another place, or is named by one, stays where it is.
  if (/(^|[\s[{,:])[&*]\w/m.test(lines)) return undefined;
  return [
    { anchor: document, start: target, end: target, newText: lineBreak < 0 ? `${lines}\n` : lines },
    { anchor: document, start: lineBreak < 0 ? start - 1 : start, end, newText: '' },
  ];
}

/** The line on which an item begins, or the first of the comments above it. */
function startOfItem({ text }: YamlDocument, list: SeqNode, index: number): number | undefined {
  const item = list.items[index];
  if (item === undefined || list.flow) return undefined;
  const before = text.slice(0, item.start).trimEnd();
  let line = before.lastIndexOf('\n') + 1;
  if (before.slice(line).trim() !== '-') return undefined;
  const indent = before.length - 1 - line;
  for (;;) {
    const previous = text.lastIndexOf('\n', line - 2) + 1;
    const above = text.slice(previous, line);
    if (line === 0 || !above.trimStart().startsWith('#') || above.search(/\S/) !== indent) return line;
    line = previous;
  }
}
