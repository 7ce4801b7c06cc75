import { documentRule } from '../rule.ts';

export const unreadAliases = documentRule({
  id: 'yaml/unread-aliases',
  severity: 'error',
  summary: 'Aliases that stand for more than anybody can read.',
  why: 'Aliases of aliases multiply: a few lines can stand for more values than memory holds. `kubectl` refuses such a document, and nothing in it is checked here.',
  remedy: 'Write the values out, or use fewer levels of aliases.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { prefix: /api } }]
      route: &reviews [{ destination: { host: reviews } }]
    - route: *reviews
`,
  refuses: true,
  *check(document) {
    for (const { code, start, end } of document.problems) {
      if (code !== 'alias-bomb') continue;
      yield {
        at: { anchor: document, start, end },
        message:
          'the aliases of this document stand for more than 100,000 values, so it is not checked; `kubectl` refuses it',
      };
    }
  },
});
