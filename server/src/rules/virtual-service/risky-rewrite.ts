import type { HttpMatch, HttpRoute, VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import { changeTo, replaceString } from '../edits.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const riskyRewrite = resourceRule({
  id: 'virtual-service/risky-rewrite',
  severity: 'information',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A rewrite gives paths with a double slash, or glues two names together.',
  why: 'Envoy puts the new text in the place of what the match has matched, letter for letter: a prefix without a closing slash leaves that slash to the rest of the path, one with it takes it away.',
  remedy:
    'End both texts with a slash or neither; for `/api` and what is below it write two matches, `exact: /api` and `prefix: /api/`, in rules of their own.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /api } }]
      rewrite: { uri: / }
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /api/ } }]
      rewrite: { uri: / }
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    for (const rule of vs.http) {
      const target = rule.rewrite?.uri;
      if (target === undefined || target.value === '') continue;
      const finding = judge(vs, rule, target);
      if (finding !== undefined) yield finding;
    }
  },
});

function judge(vs: VirtualService, rule: HttpRoute, target: Located<string>): Finding | undefined {
  const prefixes = rule.match.filter(hasPrefix).map(({ uri }) => uri.value);
  const open = prefixes.find(({ value }) => !value.endsWith('/') && value !== '');
  if (target.value.endsWith('/') && open !== undefined) {
    // With `/api/` beside it the longer paths are taken care of, if that one comes first.
    const isApart = prefixes.some(({ value }) => value === `${open.value}/`);
    if (isApart) return undefined;
    const path = `${open.value}/x`;
    return {
      at: target,
      message: `${quoted(path)} becomes ${quoted(`${target.value}/x`)}: the prefix ${quoted(open.value)} leaves the slash behind it in place`,
      related: [{ at: open, message: 'this is what is replaced' }],
      fixes:
        target.value === '/' || prefixes.length > 1
          ? []
          : [
              {
                title: `Change to "${target.value.slice(0, -1)}"`,
                edits: [replaceString(vs.document, target, target.value.slice(0, -1))],
                preferred: true,
              },
            ],
    };
  }
  const closed = prefixes.find(({ value }) => value.endsWith('/') && value !== '/');
  if (!target.value.endsWith('/') && closed !== undefined) {
    const result = `${target.value}/`;
    return {
      at: target,
      message: `${quoted(`${closed.value}x`)} becomes ${quoted(`${target.value}x`)}: the prefix ${quoted(closed.value)} takes the slash away`,
      related: [{ at: closed, message: 'this is what is replaced' }],
      fixes: prefixes.length > 1 ? [] : [{ ...changeTo(vs.document, target, result), preferred: true }],
    };
  }
  // Without a condition on the path it is the leading slash that is replaced.
  const isBare =
    rule.match.length === 0 ||
    rule.match.every(({ uri }) => uri === undefined || (uri.kind === 'prefix' && uri.value?.value === '/'));
  if (!isBare || target.value.endsWith('/')) return undefined;
  return {
    at: target,
    message: `${quoted('/x')} becomes ${quoted(`${target.value}x`)}: where no path is asked for, only the leading slash is replaced`,
    fixes: [
      {
        title: `Change to "${target.value}/"`,
        edits: [replaceString(vs.document, target, `${target.value}/`)],
        preferred: true,
      },
    ],
  };
}

function hasPrefix(match: HttpMatch): match is HttpMatch & { uri: { value: Located<string> } } {
  return match.uri?.kind === 'prefix' && match.uri.value !== undefined;
}
