import type { Located } from '../../text/range.ts';
import { replaceString } from '../edits.ts';
import { asPolicy, authorizationRules } from '../policies.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ineffectivePath = resourceRule({
  id: 'authorization-policy/ineffective-path',
  severity: 'warning',
  on: ['Other'],
  summary: 'A policy asks for a path that no request has.',
  why: 'Every path begins with a slash, and is compared without its query: an ALLOW rule lets in nobody, a DENY rule keeps nobody out.',
  remedy:
    'Write the path from its slash on, without the query; a `*` at the beginning or at the end stands for any text.',
  invalid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules: [{ to: [{ operation: { paths: [reviews/*] } }] }]
`,
  valid: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: reviews }
spec:
  rules: [{ to: [{ operation: { paths: [/reviews/*] } }] }]
`,
  *check(resource) {
    const policy = asPolicy(resource, 'AuthorizationPolicy');
    if (policy === undefined) return;
    for (const { to } of authorizationRules(policy)) {
      for (const { key, value } of to.flatMap(operation => operation.fields)) {
        if (key.value !== 'paths' && key.value !== 'notPaths') continue;
        for (const path of value) {
          const finding = judge(path, resource.document);
          if (finding !== undefined) yield finding;
        }
      }
    }
  },
});

/** Istio makes Envoy's `url_path` of it, which is the path without query and fragment (`matcher.PathMatcher`). */
function judge(path: Located<string>, document: Parameters<typeof replaceString>[0]): Finding | undefined {
  const { value } = path;
  // A template is another form, with rules of its own.
  if (value === '' || value.includes('{')) return undefined;
  if (!value.startsWith('/') && !value.startsWith('*')) {
    const isAddress = value.includes('://');
    return {
      at: path,
      message: `every path begins with "/", so ${quoted(value)} never matches${isAddress ? '; write the path alone, and the host into "hosts"' : ''}`,
      fixes: isAddress
        ? []
        : [{ title: `Change to "/${value}"`, edits: [replaceString(document, path, `/${value}`)], preferred: true }],
    };
  }
  const mark = /[?#]/.exec(value)?.[0];
  if (mark === undefined) return undefined;
  return {
    at: path,
    message: `policies compare the path without its query, so ${quoted(value)} never matches: leave out what begins with ${quoted(mark)}`,
  };
}
