import type { EnvoyRoute, EnvoyRouteMatch } from '../envoy.ts';

/** Whether two routes do the same with a request that fulfils the matches of both. No route: 404. */
export function sameAction(a: EnvoyRoute | undefined, b: EnvoyRoute | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return actionKey(a) === actionKey(b) && sameRewrite(a, b);
}

/** Everything but the match and what is put in the place of its path; names decide nothing. */
function actionKey({ name: _, match: __, statPrefix: ___, route, redirect, ...rest }: EnvoyRoute): string {
  const { prefixRewrite: ____, ...action } = route ?? {};
  const { prefixRewrite: _____, ...answer } = redirect ?? {};
  return JSON.stringify([
    rest,
    route === undefined ? null : sorted(action),
    redirect === undefined ? null : sorted(answer),
  ]);
}

/** The same share of the same cluster, in whatever order the destinations are written. */
function sorted(action: object): object {
  const { weightedClusters } = action as NonNullable<EnvoyRoute['route']>;
  if (weightedClusters?.clusters === undefined) return action;
  const clusters = [...weightedClusters.clusters].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.weight - b.weight,
  );
  const unit = clusters.reduce((divisor, { weight }) => commonDivisor(weight, divisor), 0) || 1;
  const shares = clusters.map(cluster => ({ ...cluster, weight: cluster.weight / unit }));
  return { ...action, weightedClusters: { ...weightedClusters, clusters: shares } };
}

/** Weights count by their sum: 50 and 50 is 1 and 1. */
function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** A rewrite replaces what the match has matched (`PILOT.md` 7): of `/api` → `/v2` and `/api/` → `/v2/` the result is one. */
function sameRewrite(a: EnvoyRoute, b: EnvoyRoute): boolean {
  const [x, y] = [rewriteOf(a), rewriteOf(b)];
  if (x === undefined || y === undefined) return x === y;
  const [first, second] = [matchedPart(a.match), matchedPart(b.match)];
  if (first === undefined || second === undefined) return first === second && x === y;
  const [short, long, by, to] = first.text.length <= second.text.length ? [first, second, x, y] : [second, first, y, x];
  if (short.whole && long.text.length > short.text.length) return false;
  return long.text.startsWith(short.text) && to === by + long.text.slice(short.text.length);
}

function rewriteOf({ route, redirect }: EnvoyRoute): string | undefined {
  return route?.prefixRewrite ?? redirect?.prefixRewrite;
}

/** The text that a rewrite replaces; `undefined` for a pattern, where it is the whole path, whatever it is. */
function matchedPart(match: EnvoyRouteMatch): { readonly text: string; readonly whole: boolean } | undefined {
  if (match.path !== undefined) return { text: match.path, whole: true };
  return match.prefix === undefined ? undefined : { text: match.prefix, whole: false };
}
