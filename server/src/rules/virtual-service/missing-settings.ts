import { refusal } from '../codes.ts';
import type { Fields } from '../fields.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { isPlain } from '../slips.ts';
import { oneOf, quoted } from '../words.ts';
import { Suspects } from './http-rules.ts';

export const missingSettings = resourceRule({
  id: 'virtual-service/missing-settings',
  severity: 'error',
  on: ['VirtualService'],
  summary: 'A fault, a redirect, a rewrite or an origin that says nothing.',
  why: 'Istio refuses a block without any of the fields that give it a meaning.',
  remedy: 'Fill it, or remove it.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - redirect: { redirectCode: 302 }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - redirect: { uri: /v2, redirectCode: 302 }
`,
  codes: ['IST0106', 'VS-35', 'VS-40', 'VS-56', 'VS-68', 'VS-69'],
  refuses: true,
  *check(vs, { schemas }) {
    for (const rule of suspects.of(vs)) {
      for (const { field, needs, id } of BLOCKS) {
        const block = rule.object(field);
        if (block === undefined || !isPlain(vs, schemas, block.map) || needs.some(name => isSaid(block, name)))
          continue;
        yield {
          at: rule.key(field),
          message: `this ${quoted(field)} says nothing, so Istio refuses the VirtualService: it needs ${oneOf(needs.map(quoted))}`,
          codes: refusal(id),
        };
      }
      const regex = rule.object('rewrite')?.object('uriRegexRewrite');
      if (regex !== undefined && isPlain(vs, schemas, regex.map)) yield* incomplete(regex);
      for (const origin of rule.object('corsPolicy')?.objects('allowOrigins') ?? []) {
        if (isPlain(vs, schemas, origin.map)) yield* emptyOrigin(origin);
      }
    }
  },
});

/** Blocks of a rule of which at least one field has to say something (Istio `validateHTTPRedirect` and the like). */
const BLOCKS: readonly { readonly field: string; readonly needs: readonly string[]; readonly id: string }[] = [
  { field: 'fault', needs: ['abort', 'delay'], id: 'VS-40' },
  { field: 'redirect', needs: ['uri', 'prefixRewrite', 'authority', 'port', 'derivePort', 'scheme'], id: 'VS-56' },
  { field: 'rewrite', needs: ['uri', 'uriRegexRewrite', 'authority'], id: 'VS-68' },
];

const suspects = new Suspects(
  rule =>
    BLOCKS.some(({ field, needs }) => {
      const block = rule.object(field);
      return block !== undefined && !needs.some(name => isSaid(block, name));
    }) ||
    isAny(incomplete, rule.object('rewrite')?.object('uriRegexRewrite')) ||
    (rule.object('corsPolicy')?.objects('allowOrigins') ?? []).some(origin => isAny(emptyOrigin, origin)),
);

/** Whether anything is found in an object. */
function isAny(find: (object: Fields) => Iterable<Finding>, object: Fields | undefined): boolean {
  return object !== undefined && [...find(object)].length > 0;
}

function isSaid(block: Fields, field: string): boolean {
  return block.has(field) && block.string(field)?.value !== '';
}

function* incomplete(regex: Fields): Generator<Finding> {
  // An empty pattern is said by the rule for patterns.
  const missing = ['match', 'rewrite'].filter(field => (field === 'match' ? !regex.has(field) : !isSaid(regex, field)));
  const [first] = missing;
  if (first === undefined) return;
  yield {
    at: regex.keyOf(first, 'match', 'rewrite') ?? regex.head,
    message: `"uriRegexRewrite" needs both a pattern in "match" and what it becomes in "rewrite": ${oneOf(missing.map(quoted))} is missing`,
    codes: refusal('VS-69'),
  };
}

function* emptyOrigin(origin: Fields): Generator<Finding> {
  if (['exact', 'prefix', 'regex'].some(kind => isSaid(origin, kind))) return;
  if (origin.string('regex') !== undefined) return;
  yield {
    at: origin.keyOf('exact', 'prefix') ?? origin.head,
    message:
      'this origin is empty, so Istio refuses the VirtualService: it needs a text in "exact", "prefix" or "regex"',
    codes: refusal('VS-35'),
  };
}
