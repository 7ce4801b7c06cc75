import type { VirtualService } from '../../model/virtual-service.ts';
import type { Located } from '../../text/range.ts';
import { replaceString } from '../edits.ts';
import { type Finding, resourceRule } from '../rule.ts';
import { quoted } from '../words.ts';

export const ineffectivePath = resourceRule({
  id: 'virtual-service/ineffective-path',
  severity: 'warning',
  on: ['VirtualService'],
  per: 'route',
  summary: 'A path that no request can have.',
  why: 'The path of every request begins with a slash, and is compared without its query and fragment. Istio takes such a match without a word, and it never fits.',
  remedy: 'Begin the path with `/`, and write conditions on the query as `queryParams`.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: api/v1 } }]
      route: [{ destination: { host: reviews } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /api/v1 } }]
      route: [{ destination: { host: reviews } }]
`,
  *check(vs) {
    for (const { match } of vs.http) {
      for (const { uri } of match) {
        if (uri?.value === undefined || (uri.kind !== 'exact' && uri.kind !== 'prefix')) continue;
        const finding = judge(vs, uri.value);
        if (finding !== undefined) yield finding;
      }
    }
  },
});

function judge(vs: VirtualService, path: Located<string>): Finding | undefined {
  const { value } = path;
  if (value === '') return undefined;
  // OPTIONS for the whole server has the path "*".
  if (!value.startsWith('/') && value !== '*') {
    const isAddress = value.includes('://');
    return {
      at: path,
      message: `every path begins with "/", so ${quoted(value)} never matches${isAddress ? '; write the path alone, and the host into "hosts"' : ''}`,
      fixes: isAddress
        ? []
        : [{ title: `Change to "/${value}"`, edits: [replaceString(vs.document, path, `/${value}`)], preferred: true }],
    };
  }
  const mark = /[?#]/.exec(value)?.[0];
  if (mark === undefined) return undefined;
  const isQuery = mark === '?';
  const rest = isQuery ? 'the query is compared apart, in "queryParams"' : 'what is behind "#" never gets to a server';
  return { at: path, message: `a path has no ${quoted(mark)}, so ${quoted(value)} never matches: ${rest}` };
}
