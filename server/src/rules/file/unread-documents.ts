import { fileRule } from '../rule.ts';
import { excessOf, pastLimit } from './past-limit.ts';
import { startOf } from './start.ts';

export const unreadDocuments = fileRule({
  id: 'file/unread-documents',
  severity: 'warning',
  summary: 'A file with more documents than the limit, which is not read.',
  why: 'Each document takes memory, and time on every edit. The resources of the file are unknown here, so nothing is said about them, and names that they define cannot be found.',
  remedy: 'Split the file, raise `istio.maxDocuments`, or exclude it with `istio.exclude`.',
  invalid: `
#! maxDocuments: 1
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ratings }
spec: { host: ratings }
`,
  valid: `
#! maxDocuments: 2
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ratings }
spec: { host: ratings }
`,
  *check(file) {
    const excess = excessOf(file, 'too-many-documents');
    if (excess !== undefined)
      yield { at: startOf(file), message: pastLimit('its', 'documents', 'maxDocuments', excess) };
  },
});
