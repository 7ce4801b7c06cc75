import { fileRule } from '../rule.ts';
import { excessOf, pastLimit } from './past-limit.ts';
import { startOf } from './start.ts';

export const unreadLarge = fileRule({
  id: 'file/unread-large',
  severity: 'warning',
  summary: 'A file that is larger than the limit, and is not read.',
  why: 'Reading it would take memory and time from every other file. Its resources are unknown here, so nothing is said about them, and names that they define cannot be found.',
  remedy: 'Split the file, raise `istio.maxFileSize`, or exclude it with `istio.exclude`.',
  invalid: `
#! maxFileSize: 100
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  valid: `
#! maxFileSize: 1000
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - route: [{ destination: { host: reviews } }]
`,
  *check(file) {
    const excess = excessOf(file, 'too-large');
    if (excess !== undefined)
      yield { at: startOf(file), message: pastLimit('its', 'characters', 'maxFileSize', excess) };
  },
});
