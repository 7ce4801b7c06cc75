import type { HttpMatch } from '../../model/virtual-service.ts';

/** A match of a path, and of nothing else. */
export function isPathAlone(match: HttpMatch): boolean {
  return match.uri !== undefined && match.name === undefined && !hasMore(match);
}

/** Conditions without a path, as one has them who put a dash too much. */
export function isLooseCondition(match: HttpMatch): boolean {
  return match.uri === undefined && match.name === undefined && hasMore(match);
}

function hasMore(match: HttpMatch): boolean {
  const { scheme, method, authority, headers, withoutHeaders, queryParams, sourceLabels, sourceNamespace } = match;
  const single = [scheme, method, authority, sourceNamespace, match.port];
  const lists = [headers, withoutHeaders, queryParams, sourceLabels, match.gateways];
  return single.some(value => value !== undefined) || lists.some(list => list.length > 0);
}
