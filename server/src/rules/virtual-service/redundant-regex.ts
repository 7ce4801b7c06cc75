import type { HttpRoute, StringMatch, VirtualService } from '../../model/virtual-service.ts';
import { patternFacts } from '../../routing/reach/pattern-facts.ts';
import { keyAt, mapAt, replaceString, replaceWith } from '../edits.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const redundantRegex = resourceRule({
  id: 'virtual-service/redundant-regex',
  severity: 'hint',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A regular expression that says no more than a plain text.',
  why: 'What `exact` or `prefix` says is read at a glance, needs no escapes, and merges with the matches of delegates, while regular expressions never do.',
  remedy: 'Write `exact` or `prefix`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { regex: "/api/.*" } }]
      route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop]
  http:
    - match: [{ uri: { prefix: /api/ } }]
      route: [{ destination: { host: shop } }]
`,
  *check(vs) {
    // What a delegate and its root make together depends on the kinds of their conditions.
    if (vs.hosts.length === 0) return;
    for (const rule of vs.http) {
      if (rule.delegate !== undefined) continue;
      for (const match of rule.match) {
        const { uri, authority, method, scheme, headers, withoutHeaders, queryParams } = match;
        // Patterns tell cases apart whatever `ignoreUriCase` says.
        const path = uri === undefined || match.ignoreUriCase?.value === true ? [] : [uri];
        for (const one of path) yield* judge(vs, one, rule);
        const values = [...headers, ...withoutHeaders, ...queryParams].map(({ value }) => value);
        for (const one of [authority, method, scheme, ...values])
          if (one !== undefined) yield* judge(vs, one, undefined);
      }
    }
  },
});

/** @param rule the rule whose path it is; `undefined` for other values */
function* judge(vs: VirtualService, match: StringMatch, rule: HttpRoute | undefined): Generator<Finding> {
  if (match.kind !== 'regex' || match.value === undefined) return;
  // Two kinds at once are another finding.
  if (mapAt(vs.document, match.at)?.entries.length !== 1) return;
  const { plain } = patternFacts(match.value.value);
  if (plain === undefined) return;
  const [kind, text] = 'exact' in plain ? (['exact', plain.exact] as const) : (['prefix', plain.prefix] as const);
  // `/` is Istio's catch-all, which stands behind all others on a gateway; a pattern stays where it is.
  if (text === '' || /["'\\]/.test(text) || (rule !== undefined && (text === '/' || !text.startsWith('/')))) return;
  // A rewrite puts its text in the place of a prefix, and of the whole path behind a pattern.
  if (kind === 'prefix' && (rule?.rewrite?.uri !== undefined || rule?.redirect?.prefixRewrite !== undefined)) return;
  const { document } = vs;
  yield {
    at: match.value,
    message: `this regular expression takes what the ${kind === 'exact' ? 'exact value' : 'prefix'} ${quoted(text)} takes`,
    fixes: [
      {
        title: `Change to ${kind} "${text}"`,
        edits: [replaceWith(keyAt(document, match.value), kind), replaceString(document, match.value, text)],
        preferred: true,
      },
    ],
  };
}
