import type { HeaderMutations } from '../headers.ts';
import { type HeaderField, type HttpRequest, headerValue } from './request.ts';

/** One change that a proxy makes to the headers of a request or response. */
export interface HeaderChange {
  readonly on: 'request' | 'response';
  readonly operation: 'set' | 'add' | 'remove';
  readonly name: string;
  /** As it is written, command operators included; empty for a removal. */
  readonly value: string;
  /** What it comes to for this request, where that follows from the request alone. */
  readonly becomes: string | undefined;
}

/**
 * The changes in the order in which Envoy makes them: those of the destination before those of the route, removals
 * before additions (`PILOT.md` 7, headers).
 */
export function headerChanges(parts: readonly HeaderMutations[], request: HttpRequest): readonly HeaderChange[] {
  const changes = (on: HeaderChange['on']): HeaderChange[] =>
    parts.flatMap(part => {
      const remove = (on === 'request' ? part.requestHeadersToRemove : part.responseHeadersToRemove) ?? [];
      const add = (on === 'request' ? part.requestHeadersToAdd : part.responseHeadersToAdd) ?? [];
      return [
        ...remove.map((name): HeaderChange => ({ on, operation: 'remove', name, value: '', becomes: undefined })),
        ...add.map(({ header, appendAction }): HeaderChange => {
          const operation = appendAction === undefined ? 'add' : 'set';
          const becomes = on === 'request' ? evaluated(header.value, request) : constant(header.value);
          return { on, operation, name: header.key, value: header.value, becomes };
        }),
      ];
    });
  return [...changes('request'), ...changes('response')];
}

/** The headers that the service gets; a value that is not known yet stands as it is written. */
export function upstreamHeaders(request: HttpRequest, changes: readonly HeaderChange[]): readonly HeaderField[] {
  let fields = [...request.headers];
  for (const { on, operation, name, value, becomes } of changes) {
    if (on !== 'request') continue;
    const lower = name.toLowerCase();
    if (operation !== 'add') fields = fields.filter(([key]) => key !== lower);
    // An operator that finds nothing leaves no header.
    if (operation !== 'remove' && becomes !== '') fields.push([lower, becomes ?? value]);
  }
  return fields;
}

const OPERATOR = /%%|%([A-Z][A-Z0-9_]*)(?:\(([^)]*)\))?(?::(\d+))?%/g;

/** A header value for a request, or `undefined` where it depends on more than the request. */
function evaluated(value: string, request: HttpRequest): string | undefined {
  let known = true;
  const text = value.replace(OPERATOR, (whole: string, name?: string, argument = '', length?: string) => {
    if (whole === '%%') return '%';
    if (name !== 'REQ') {
      known = false;
      return whole;
    }
    const [first = '', second] = argument.split('?');
    const found =
      headerValue(request, first) ?? (second === undefined ? undefined : headerValue(request, second)) ?? '';
    return length === undefined ? found : found.slice(0, Number(length));
  });
  return known ? text : undefined;
}

function constant(value: string): string | undefined {
  const operators = [...value.matchAll(OPERATOR)].filter(([whole]) => whole !== '%%');
  return operators.length === 0 ? value.replaceAll('%%', '%') : undefined;
}
