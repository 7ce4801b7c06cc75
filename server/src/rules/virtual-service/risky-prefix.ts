import { OfRoutes } from '../../model/kept-routes.ts';
import type { HttpMatch, HttpRoute, VirtualService } from '../../model/virtual-service.ts';
import { patternFacts } from '../../routing/reach/pattern-facts.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { workspaceRule } from '../rule.ts';
import { quoted } from '../words.ts';
import { siteStates } from './dead.ts';
import { isSibling, splitPrefix } from './match-edits.ts';

export const riskyPrefix = workspaceRule({
  id: 'virtual-service/risky-prefix',
  severity: 'hint',
  on: ['VirtualService'],
  summary: 'A prefix also takes the paths beside it, of which another rule takes one.',
  why: 'A prefix is compared letter by letter and not by segments: `/test` takes `/test2` as well. Where another rule is for such a path, only the order of the rules keeps them apart.',
  remedy: 'Write two matches: the path itself as `exact`, and what is below it as a prefix with a slash at its end.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /test2 } }]
      route: [{ destination: { host: new } }]
    - match: [{ uri: { prefix: /test } }]
      route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /test2 } }]
      route: [{ destination: { host: new } }]
    - match: [{ uri: { exact: /test } }, { uri: { prefix: /test/ } }]
      route: [{ destination: { host: shop } }]
`,
  *check(vs, snapshot) {
    const all = paths.of(vs).flat();
    const candidates = all.filter(({ isBare }) => isBare);
    if (candidates.length === 0) return;
    const sorted = all.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    let known: ReadonlySet<HttpMatch | HttpRoute> | undefined;
    const isDead = (match: HttpMatch): boolean => {
      known ??= deadMatches(vs, snapshot);
      return known.has(match);
    };
    // Equal prefixes of one rule have the same answer: there may be thousands.
    let last: { readonly rule: HttpRoute; readonly path: string; readonly sibling: MatchPath | undefined } | undefined;
    for (const { rule, match, path } of candidates) {
      if (last?.rule !== rule || last.path !== path) {
        const isWanted = (other: MatchPath): boolean =>
          other.rule !== rule && isSibling(path, other.path) && !isDead(other.match);
        last = { rule, path, sibling: beside(sorted, path, isWanted) };
      }
      const { sibling } = last;
      const at = match.uri?.value;
      if (sibling === undefined || at === undefined || isDead(match)) continue;
      const fix = splitPrefix(vs, rule, match);
      yield {
        at,
        message: `the prefix ${quoted(path)} takes ${quoted(sibling.path)} as well, which another rule is for: only their order keeps them apart`,
        related: [{ at: sibling.match.uri?.value ?? sibling.match.at, message: `begins with ${quoted(path)}` }],
        ...(fix === undefined ? {} : { fixes: [fix] }),
      };
    }
  },
});

/** What is dead is said where it is, with the same repair. */
function deadMatches(vs: VirtualService, snapshot: Snapshot): ReadonlySet<HttpMatch | HttpRoute> {
  const dead = new Set<HttpMatch | HttpRoute>();
  for (const { site, from } of siteStates(vs, snapshot)) {
    if ([...from.values()].every(state => state !== 'live'))
      dead.add(vs.http[site.rule.index]?.match[site.match?.index ?? -1] ?? site.rule.source.rule);
  }
  return dead;
}

/** A match with the text that its paths begin with. */
interface MatchPath {
  readonly rule: HttpRoute;
  readonly match: HttpMatch;
  readonly path: string;
  /** It is a prefix that does not end with its segment. */
  readonly isBare: boolean;
}

const paths = new OfRoutes(pathsOf);

function pathsOf(rule: HttpRoute): readonly MatchPath[] {
  const found: MatchPath[] = [];
  for (const match of rule.match) {
    const path = startOf(match);
    const isBare = match.uri?.kind === 'prefix' && path.length > 1 && !path.endsWith('/');
    if (path !== '') found.push({ rule, match, path, isBare });
  }
  return found;
}

function startOf({ uri }: HttpMatch): string {
  const text = uri?.value?.value ?? '';
  return uri?.kind === 'regex' ? patternFacts(text).start : text;
}

/** The first of a sorted list that begins with a text and is wanted. */
function beside<T extends { readonly path: string }>(
  sorted: readonly T[],
  start: string,
  isWanted: (one: T) => boolean,
): T | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.path ?? '') < start) low = middle + 1;
    else high = middle;
  }
  for (let at = low; sorted[at]?.path.startsWith(start) === true; at++) {
    const one = sorted[at];
    if (one !== undefined && isWanted(one)) return one;
  }
  return undefined;
}
