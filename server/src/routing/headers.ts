import type { HeaderOperations, Headers } from '../model/virtual-service.ts';
import type { EnvoyHeaderValueOption } from './envoy.ts';

/** Header changes as a route, or one destination of several, carries them. */
export interface HeaderMutations {
  readonly requestHeadersToAdd?: readonly EnvoyHeaderValueOption[];
  readonly requestHeadersToRemove?: readonly string[];
  readonly responseHeadersToAdd?: readonly EnvoyHeaderValueOption[];
  readonly responseHeadersToRemove?: readonly string[];
}

/** Changes of the rule or of a destination, and the authority that a `Host` among them sets (`PILOT.md` 7, headers). */
export function headerMutations(headers: Headers | undefined): { mutations: HeaderMutations; authority: string } {
  const { request, response } = headers ?? {};
  return {
    mutations: combine(mutationsOf(request, response)),
    authority: hostOf(request?.set) ?? hostOf(request?.add) ?? '',
  };
}

/** Both, the first one's operations first. */
export function appendMutations(a: HeaderMutations, b: HeaderMutations): HeaderMutations {
  return combine({
    requestHeadersToAdd: [...(a.requestHeadersToAdd ?? []), ...(b.requestHeadersToAdd ?? [])],
    requestHeadersToRemove: [...(a.requestHeadersToRemove ?? []), ...(b.requestHeadersToRemove ?? [])],
    responseHeadersToAdd: [...(a.responseHeadersToAdd ?? []), ...(b.responseHeadersToAdd ?? [])],
    responseHeadersToRemove: [...(a.responseHeadersToRemove ?? []), ...(b.responseHeadersToRemove ?? [])],
  });
}

function mutationsOf(
  request: HeaderOperations | undefined,
  response: HeaderOperations | undefined,
): Required<HeaderMutations> {
  return {
    requestHeadersToAdd: request === undefined ? [] : additions(request),
    requestHeadersToRemove: request === undefined ? [] : request.remove.map(name => name.value).filter(isHeader),
    responseHeadersToAdd: response === undefined ? [] : additions(response),
    responseHeadersToRemove: response === undefined ? [] : response.remove.map(name => name.value).filter(isHeader),
  };
}

function combine(mutations: Required<HeaderMutations>): HeaderMutations {
  return Object.fromEntries(Object.entries(mutations).filter(([, list]) => list.length > 0));
}

/** `set` overwrites and comes first, then `add`; each sorted by name. */
function additions(operations: HeaderOperations): EnvoyHeaderValueOption[] {
  const sorted = (entries: HeaderOperations['set']): { key: string; value: string }[] =>
    entries
      .map(({ key, value }) => ({ key: key.value, value: value.value }))
      .filter(({ key }) => isHeader(key))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return [
    ...sorted(operations.set).map(header => ({ header, appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD' as const })),
    ...sorted(operations.add).map(header => ({ header })),
  ];
}

/** Pseudo headers and `Host` are no headers to Envoy's lists. */
function isHeader(name: string): boolean {
  return !name.startsWith(':') && !isHost(name);
}

function isHost(name: string): boolean {
  return /^(host|:authority)$/i.test(name);
}

function hostOf(entries: HeaderOperations['set'] | undefined): string | undefined {
  return entries?.find(({ key }) => isHost(key.value))?.value.value;
}
