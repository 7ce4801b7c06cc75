import { fileRule } from '../rule.ts';
import { startOf } from './start.ts';

export const unreadBinary = fileRule({
  id: 'file/unread-binary',
  severity: 'warning',
  summary: 'A file with the name of a YAML file that is no text.',
  why: 'It holds zero bytes, which no YAML file does: it is an archive, an image, or text in UTF-16. Nothing in it can be read.',
  remedy: 'Save it as UTF-8, give it the name that belongs to its content, or exclude it with `istio.exclude`.',
  invalid: `
#! binary: true
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews }
`,
  valid: `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec: { host: reviews }
`,
  *check(file) {
    if (file.omitted !== 'binary') return;
    yield {
      at: startOf(file),
      message: 'this file is not read: it holds zero bytes, so it is no text, or text in UTF-16',
    };
  },
});
