import { refusal } from '../codes.ts';
import { removeEntry } from '../edits.ts';
import { Fields } from '../fields.ts';
import { type Finding, type Fix, resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { quoted } from '../words.ts';
import { Suspects } from './http-rules.ts';

export const conflictingActions = resourceRule({
  id: 'virtual-service/conflicting-actions',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A rule that does two things with a request of which only one can happen.',
  why: 'A rule either routes, or redirects, or answers by itself, or hands over to a delegate; faults and rewrites are for requests that are routed. Istio refuses the VirtualService.',
  remedy: 'Keep one of them. What is meant for other requests goes into a rule of its own.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - redirect: { uri: /v2 }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { exact: /v1 } }]
      redirect: { uri: /v2 }
    - route: [{ destination: { host: reviews } }]
`,
  codes: [
    'IST0106',
    'VS-14',
    'VS-15',
    'VS-16',
    'VS-17',
    'VS-18',
    'VS-19',
    'VS-20',
    'VS-21',
    'VS-22',
    'VS-23',
    'VS-25',
    'VS-54',
    'VS-67',
  ],
  refuses: true,
  *check(vs, { schemas }) {
    const spec = Fields.spec(vs, 'VirtualService');
    if (spec === undefined) return;
    const isDelegate = spec.lacks('hosts') && isPlain(vs, schemas, spec.map);
    for (const rule of suspects.of(vs)) {
      if (isDelegate && rule.has('delegate')) {
        const message =
          'this VirtualService has no hosts, so it is a delegate itself, and a delegate cannot hand over to another';
        yield { at: rule.key('delegate'), message, codes: refusal('VS-16') };
      }
      const isRoot = !isDelegate && rule.has('delegate');
      if (!isPlain(vs, schemas, rule.map)) continue;
      for (const pair of isRoot ? ROOT_PAIRS : isDelegate && rule.has('delegate') ? [] : PAIRS)
        yield* conflict(rule, pair);
      for (const [field, pair] of INNER_PAIRS) {
        const object = rule.object(field);
        if (object !== undefined && isPlain(vs, schemas, object.map)) yield* conflict(object, pair);
      }
    }
  },
});

/** Two fields, the id of their conflict in our list of what Istio judges, and why. */
interface Pair {
  readonly fields: readonly [string, string];
  readonly id: string;
  readonly reason: string;
}

/** Istio `validateHTTPRouteConflict`. */
const PAIRS: readonly Pair[] = [
  pair('redirect', 'route', 'VS-17', 'a request that is redirected is not routed'),
  pair('redirect', 'directResponse', 'VS-20', 'a request that is redirected gets no other answer'),
  pair('directResponse', 'route', 'VS-21', 'a request that is answered here is not routed'),
  pair('redirect', 'fault', 'VS-18', 'faults are for requests that are routed'),
  pair('redirect', 'rewrite', 'VS-19', 'a redirect says itself what the address becomes'),
  pair('directResponse', 'fault', 'VS-22', 'faults are for requests that are routed'),
  pair('directResponse', 'rewrite', 'VS-23', 'nobody sees what is rewritten when the answer is given here'),
  pair('mirror', 'mirrors', 'VS-25', 'all mirrors stand in "mirrors" when there are several'),
];

const ROOT_PAIRS: readonly Pair[] = [
  pair('delegate', 'redirect', 'VS-14', 'the rules of the delegate say what happens'),
  pair('delegate', 'route', 'VS-15', 'the rules of the delegate say what happens'),
];

const INNER_PAIRS: readonly (readonly [string, Pair])[] = [
  ['redirect', pair('uri', 'prefixRewrite', 'VS-54', 'one replaces the whole path, the other its prefix')],
  ['rewrite', pair('uri', 'uriRegexRewrite', 'VS-67', 'both say what becomes of the path')],
];

function pair(first: string, second: string, id: string, reason: string): Pair {
  return { fields: [first, second], id, reason };
}

/** Whether a field has an effect: an empty list or text has none. */
function isSet(object: Fields, field: string): boolean {
  if (!object.has(field)) return false;
  // Of a root rule any list of destinations is refused, of others only one with entries; an empty one means nothing.
  return !object.isEmptyList(field) && object.string(field)?.value !== '';
}

function isConflict(object: Fields, { fields: [first, second] }: Pair): boolean {
  return isSet(object, first) && isSet(object, second);
}

const suspects = new Suspects(
  rule =>
    rule.has('delegate') ||
    PAIRS.some(pair => isConflict(rule, pair)) ||
    INNER_PAIRS.some(([field, pair]) => {
      const object = rule.object(field);
      return object !== undefined && isConflict(object, pair);
    }),
);

function* conflict(object: Fields, pair: Pair): Generator<Finding> {
  if (!isConflict(object, pair)) return;
  const { fields, id, reason } = pair;
  const [first, second] = fields;
  // Of three in one rule the first pair says enough.
  const [earlier, later] = object.key(first).start < object.key(second).start ? [first, second] : [second, first];
  yield {
    at: object.key(later),
    message: `${quoted(earlier)} and ${quoted(later)} exclude each other, so Istio refuses the VirtualService: ${reason}`,
    related: [{ at: object.key(earlier), message: `excludes ${quoted(later)}` }],
    fixes: removals(object, fields),
    codes: refusal(id),
  };
}

const ACTIONS: readonly string[] = ['route', 'redirect', 'directResponse', 'delegate'];

function removals(object: Fields, fields: readonly string[]): readonly Fix[] {
  return fields.flatMap(field => {
    // What is left has to do something with a request.
    const isLast = ACTIONS.includes(field) && !ACTIONS.some(other => other !== field && isSet(object, other));
    const edit = removeEntry(object.document, object.map, field);
    return edit === undefined || isLast ? [] : [{ title: `Remove "${field}"`, edits: [edit] }];
  });
}
