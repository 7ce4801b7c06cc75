import type { HttpMatch, HttpRoute, VirtualService } from '../../model/virtual-service.ts';
import type { SpanEdit } from '../../text/edit.ts';
import { keyAt, listOf, mapAt, replaceString, replaceWith } from '../edits.ts';
import type { Fix } from '../rule.ts';
import { isLooseCondition, isPathAlone } from './dashes.ts';
import type { MatchSite } from './dead.ts';
import type { DeadMatch } from './dead-rules.ts';

/**
 * Joins an entry of `match` with the one above it: the dash between them goes, so that the conditions of both must hold.
 * `undefined` where that cannot be done by taking the dash away.
 */
export function joinWithPrevious(vs: VirtualService, match: HttpMatch): Fix | undefined {
  const { document } = vs;
  const found = listOf(document, match.at);
  const [previous, own] = [found?.list.items[(found?.index ?? 0) - 1], mapAt(document, match.at)];
  if (found === undefined || previous?.kind !== 'map' || own === undefined || previous.flow !== own.flow)
    return undefined;
  const { text } = document;
  const title = 'Join with the entry above, so that all conditions must hold';
  if (own.flow) {
    const [end, start] = [text.lastIndexOf('}', own.start), own.start + 1];
    if (end < previous.start || text.slice(end + 1, own.start).includes('#')) return undefined;
    return { title, edits: [{ anchor: document, start: trimmedEnd(text, end), end: start, newText: ',' }] };
  }
  const column = (offset: number): number => offset - text.lastIndexOf('\n', offset - 1) - 1;
  const dash = text.lastIndexOf('-', own.start);
  const line = text.lastIndexOf('\n', dash - 1) + 1;
  const alone = text.slice(line, dash).trim() === '' && text.slice(dash + 1, own.start).trim() === '';
  if (!alone || column(own.start) !== column(previous.start)) return undefined;
  return { title, edits: [{ anchor: document, start: dash, end: dash + 1, newText: ' ' }] };
}

/**
 * Makes two entries of one whose prefix `/test` also takes `/test2`: the path itself, and what is below it. `undefined`
 * where the rule does something with the prefix, or the entry cannot be copied simply.
 */
export function splitPrefix(vs: VirtualService, rule: HttpRoute, match: HttpMatch): Fix | undefined {
  const { document } = vs;
  const prefix = match.uri?.value;
  const found = listOf(document, match.at);
  const item = found?.list.items[found.index];
  if (match.uri?.kind !== 'prefix' || prefix === undefined || found === undefined || item?.kind !== 'map')
    return undefined;
  if (rule.rewrite?.uri !== undefined || rule.redirect?.prefixRewrite !== undefined || match.name !== undefined)
    return undefined;
  // What stands behind in other entries of the same prefix would come to life.
  const others = vs.http.flatMap(({ match: list }) => list).filter(other => other !== match);
  if (others.some(other => other.uri?.kind === 'prefix' && other.uri.value?.value === prefix.value)) return undefined;
  const { text } = document;
  const end = trimmedEnd(text, item.end);
  const below = replaceString(document, prefix, `${prefix.value}/`);
  const copy = text.slice(item.start, below.start) + below.newText + text.slice(below.end, end);
  const line = text.lastIndexOf('\n', item.start - 1) + 1;
  const dash = text.lastIndexOf('-', item.start);
  const separator = found.list.flow ? ', ' : `\n${text.slice(line, dash)}${text.slice(dash, item.start)}`;
  if (!found.list.flow && text.slice(line, dash).trim() !== '') return undefined;
  const edits: SpanEdit[] = [
    replaceWith(keyAt(document, prefix), 'exact'),
    { anchor: document, start: end, end, newText: separator + copy },
  ];
  return { title: `Take only "${prefix.value}" and what is below "${prefix.value}/"`, edits };
}

/** Whether a path is beside a prefix and not below it: `/test2` beside `/test`. */
export function isSibling(prefix: string, path: string): boolean {
  if (prefix.length < 2 || prefix.endsWith('/') || !path.startsWith(prefix) || path === prefix) return false;
  // A prefix that ends in punctuation was meant to be continued, and a very short one is no name.
  const next = path[prefix.length] ?? '';
  return /[A-Za-z0-9]{3}$/.test(prefix) ? /[A-Za-z0-9_-]/.test(next) : /[0-9]$/.test(prefix) && /[0-9]/.test(next);
}

/** Repairs of a dead match: the dash that should not be there, the prefix that takes siblings. */
export function fixesOfDead(vs: VirtualService, { site, by }: DeadMatch): readonly Fix[] {
  const [one] = by;
  const dead = matchOf(site);
  const taker = one === undefined || by.length > 1 ? undefined : matchOf(one);
  if (one === undefined || dead === undefined || taker === undefined) return [];
  const { resource, rule } = one.rule.source;
  if (rule === site.rule.source.rule) {
    const fix =
      taker.index + 1 === dead.index && isLooseCondition(dead) && isPathAlone(taker)
        ? joinWithPrevious(vs, dead)
        : undefined;
    return fix === undefined ? [] : [fix];
  }
  const [wide, path] = [taker.uri?.value?.value ?? '', dead.uri?.value?.value ?? ''];
  if (taker.uri?.kind !== 'prefix' || dead.uri?.kind === 'regex' || !isSibling(wide, path)) return [];
  const fix = splitPrefix(resource, rule, taker);
  return fix === undefined ? [] : [fix];
}

/** The match as it is written; `undefined` for what a root and a delegate made together. */
function matchOf({ rule, match }: MatchSite): HttpMatch | undefined {
  return rule.delegatedBy === undefined && match !== undefined ? rule.source.rule.match[match.index] : undefined;
}

function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}
