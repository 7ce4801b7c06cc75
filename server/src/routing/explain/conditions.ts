import { type Condition, conditionsOf, predicateText, subjectText } from '../describe.ts';
import type { EnvoyRouteMatch } from '../envoy.ts';
import { compilePattern } from '../pattern.ts';
import { type HttpRequest, headerValue } from './request.ts';

/** The first condition of a route that a request does not meet. */
export interface FailedCondition {
  /** The whole condition: `path starts with /api`. */
  readonly condition: string;
  /** What the condition is about: `path`, `header x-user`. */
  readonly subject: string;
  /** What it asks for: `starts with /api`, `present`. */
  readonly expected: string;
  /** What the request has; `absent` for nothing, else the value in the user's words. */
  readonly actual: string;
  readonly field: Condition['field'];
  readonly name: string;
}

/** A value that is not there. */
const ABSENT = 'absent';

/**
 * The first condition that fails, the method's first, then the path's; `undefined` when the route takes the request.
 * The request's path must be normal already.
 */
export function firstFailure(match: EnvoyRouteMatch, request: HttpRequest): FailedCondition | undefined {
  // `*` and the like begin with no `/`, which is all that the empty condition asks for.
  if (match.prefix === '/' && !request.path.startsWith('/')) return pathFailure(request);
  for (const condition of conditionsOf(match)) {
    const { holds, actual } = judge(condition, request);
    if (holds) continue;
    return {
      ...wordsOf(condition),
      actual,
      field: condition.field,
      name: condition.name,
    };
  }
  return undefined;
}

/** Whether a route takes a request; the request's path must be normal already. */
export function takes(match: EnvoyRouteMatch, request: HttpRequest): boolean {
  if (match.prefix === '/' && !request.path.startsWith('/')) return false;
  return conditionsOf(match).every(condition => judge(condition, request).holds);
}

function pathFailure({ path }: HttpRequest): FailedCondition {
  const expected = 'starts with /';
  return { condition: `path ${expected}`, subject: 'path', expected, actual: path, field: 'uri', name: '' };
}

/** How many conditions of a match a request does not meet. */
export function failureCount(match: EnvoyRouteMatch, request: HttpRequest): number {
  return conditionsOf(match).filter(condition => !judge(condition, request).holds).length;
}

type Words = Pick<FailedCondition, 'condition' | 'subject' | 'expected'>;

const words = new WeakMap<Condition, Words>();

/** A condition in words: most routes of a long list fail at the same one for most requests. */
function wordsOf(condition: Condition): Words {
  const known = words.get(condition);
  if (known !== undefined) return known;
  const [subject, expected] = [subjectText(condition), predicateText(condition)];
  const made = { condition: `${subject} ${expected}`, subject, expected };
  words.set(condition, made);
  return made;
}

function judge(condition: Condition, request: HttpRequest): { readonly holds: boolean; readonly actual: string } {
  const { field, name } = condition;
  switch (field) {
    case 'uri': {
      const fold = (text: string): string => (condition.ignoreCase ? text.toLowerCase() : text);
      return { holds: fits({ ...condition, value: fold(condition.value) }, fold(request.path)), actual: request.path };
    }
    case 'method':
    case 'scheme':
    case 'authority': {
      const value = headerValue(request, `:${field}`) ?? '';
      return { holds: fits(condition, value), actual: value };
    }
    case 'header': {
      const value = headerValue(request, name);
      return { holds: value !== undefined && fits(condition, value), actual: shown(value) };
    }
    case 'withoutHeader': {
      const value = headerValue(request, name);
      // An absent header is taken as an empty one, unless only its presence is asked for (`PILOT.md` 6).
      const met = condition.kind === 'present' ? value !== undefined : fits(condition, value ?? '');
      return { holds: !met, actual: shown(value) };
    }
    case 'query': {
      const value = queryValue(request.query, name);
      return { holds: value !== undefined && fits(condition, value), actual: shown(value) };
    }
    // A request by itself carries no verified token.
    case 'claim':
      return { holds: false, actual: 'no verified token' };
    case 'withoutClaim':
      return { holds: true, actual: 'no verified token' };
  }
}

function fits({ kind, value }: Condition, text: string): boolean {
  switch (kind) {
    case 'present':
      return true;
    case 'exact':
      return text === value;
    case 'prefix':
      return text.startsWith(value);
    case 'regex': {
      // Envoy refuses a table with a pattern that is none: such a route takes nothing.
      const pattern = compilePattern(value);
      return 'matches' in pattern && pattern.matches(text);
    }
  }
}

function shown(value: string | undefined): string {
  return value === undefined ? ABSENT : value === '' ? 'empty' : value;
}

/** The first of several equal parameters counts, and nothing is decoded (Envoy `QueryParamsMulti::parseQueryString`). */
export function queryValue(query: string, name: string): string | undefined {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    if ((equals < 0 ? pair : pair.slice(0, equals)) === name && pair !== '')
      return equals < 0 ? '' : pair.slice(equals + 1);
  }
  return undefined;
}
