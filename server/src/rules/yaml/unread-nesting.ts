import { documentRule } from '../rule.ts';

export const unreadNesting = documentRule({
  id: 'yaml/unread-nesting',
  severity: 'error',
  summary: 'Lists or objects that are nested deeper than 200 levels.',
  why: 'No manifest of Istio goes deeper than 20 levels. What lies below the limit is not read, so nothing is said about it.',
  remedy: 'Look for a bracket that is repeated by accident, or for a generator that has run away.',
  invalid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews }
status: ${'['.repeat(201)}${']'.repeat(201)}
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews }
status: ${'['.repeat(20)}${']'.repeat(20)}
`,
  *check(document) {
    for (const { code, start, end } of document.problems) {
      if (code !== 'too-deep') continue;
      yield {
        at: { anchor: document, start, end },
        message: 'from here on this document is nested deeper than 200 levels, and is not checked',
      };
    }
  },
});
