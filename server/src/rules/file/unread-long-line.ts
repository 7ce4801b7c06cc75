import { fileRule } from '../rule.ts';
import { excessOf, pastLimit } from './past-limit.ts';
import { startOf } from './start.ts';

export const unreadLongLine = fileRule({
  id: 'file/unread-long-line',
  severity: 'warning',
  summary: 'A file with a line that is longer than the limit, which is not read.',
  why: 'A line of such a length is read again as a whole on every edit in it. The resources of the file are unknown here, so nothing is said about them, and names that they define cannot be found.',
  remedy: 'Break the line, raise `istio.maxLineLength`, or exclude the file with `istio.exclude`.',
  invalid: `
#! maxLineLength: 40
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews.shop.svc.cluster.local }
`,
  valid: `
#! maxLineLength: 50
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews.shop.svc.cluster.local }
`,
  *check(file) {
    const excess = excessOf(file, 'line-too-long');
    if (excess === undefined) return;
    const { start } = excess;
    yield {
      at: startOf(file, start),
      message: pastLimit("this line's", 'characters', 'maxLineLength', excess),
    };
  },
});
