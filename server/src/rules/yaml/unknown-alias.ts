import type { YamlDocument, YamlProblem } from '../../yaml/document.ts';
import { documentRule, type Fix } from '../rule.ts';
import { quoted } from '../words.ts';

export const unknownAlias = documentRule({
  id: 'yaml/unknown-alias',
  severity: 'error',
  summary: 'A value that begins with `*` and stands for nothing.',
  why: 'In YAML `*name` stands for what `&name` has marked above it in the same document. Without such a mark the file cannot be read; most often a wildcard has lost its quotes.',
  remedy: 'Put a wildcard in quotes, or mark the value that the alias stands for.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: all-shops }
spec:
  hosts: [*.example.com]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: all-shops }
spec:
  hosts: ["*.example.com"]
  gateways: [public]
  http:
    - route: [{ destination: { host: shop } }]
`,
  refuses: true,
  *check(document) {
    for (const problem of document.problems) {
      if (problem.code !== 'unknown-alias') continue;
      const { start, end, detail = '' } = problem;
      const isName = /^[A-Za-z_][\w-]*$/.test(detail);
      yield {
        at: { anchor: document, start, end },
        message: isName
          ? `no ${quoted(`&${detail}`)} stands above this alias, so it has no value`
          : `a value that begins with "*" must stand in quotes: without them it is an alias for a value marked with "&"`,
        fixes: isName ? [] : [inQuotes(document, problem)],
      };
    }
  },
});

function inQuotes(document: YamlDocument, { start, end }: YamlProblem): Fix {
  const newText = `"${document.text.slice(start, end)}"`;
  return { title: 'Put it in quotes', edits: [{ anchor: document, start, end, newText }], preferred: true };
}
