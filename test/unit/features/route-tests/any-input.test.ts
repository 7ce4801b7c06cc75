import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  completion,
  drain,
  explainRequest,
  explanationJson,
  explanationText,
  fileFindings,
  hover,
  importRouterCheck,
  readTestFile,
  runRouteTests,
  splitRequestLine,
} from '../../../../server/src/analysis.ts';
import { evaluate } from '../../../../server/src/routing/explain/evaluate.ts';
import { snapshotOf } from '../../../harness/fixtures.ts';

const MANIFEST = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - match: [{ uri: { regex: "/(a|b)+/x{2,5}.*" } }, { queryParams: { q: { exact: "1" } } }, { withoutHeaders: { x: {} } }]
      rewrite: { uriRegexRewrite: { match: "/([^/]*)", rewrite: "/\\\\1-" } }
      route: [{ destination: { host: reviews } }]
`;
const snapshot = snapshotOf([{ path: 'reviews.yaml', text: MANIFEST }]);

/** Texts that look like what people type, and texts that do not. */
const typed = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('GET http://reviews/', 'http://reviews/a/xx?q=1', 'OPTIONS http://reviews*', '/x', 'GET reviews', ''),
  fc.webUrl({ withQueryParameters: true, withFragments: true }).map(url => `GET ${url}`),
);

test('whatever is typed is answered, with a sentence or an explanation', () => {
  fc.assert(
    fc.property(typed, fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 3 }), (line, headers) => {
      const answer = explainRequest(snapshot, { request: { ...splitRequestLine(line), headers } }, () => undefined);
      if ('fault' in answer) expect(answer.fault).toMatch(/\S/);
      else {
        expect(explanationText(answer)).toContain(answer.headline);
        expect(() => JSON.stringify(explanationJson(answer))).not.toThrow();
      }
    }),
    { numRuns: 300 },
  );
});

test('any path and query goes through a table', () => {
  const table = snapshot.routing.proxy({ type: 'sidecar', namespace: 'default', labels: {} }).table('80');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), fc.string(), (path, query, authority) => {
      const request = { method: 'GET', scheme: 'http', authority, path: `/${path}`, query, headers: [] };
      const { outcome, considered, winner, chosen } = evaluate(table, request);
      if (outcome.kind === 'forward' || outcome.kind === 'redirect') expect(winner?.index).toBe(considered.length);
      if (winner === undefined && chosen !== undefined) expect(considered.length).toBe(chosen.host.routes.length);
    }),
    { numRuns: 300 },
  );
});

const yaml = fc.oneof(
  fc.string(),
  fc
    .array(
      fc.constantFrom(
        '- ',
        'name: ',
        'request: ',
        'expect: ',
        'from:',
        'shares: ',
        'v1: 1',
        '{',
        '}',
        '\n',
        '\n  ',
        '[',
        'GET http://reviews/',
        '"',
        ': ',
        '*a',
        '&a ',
        'status: 404',
      ),
      { maxLength: 25 },
    )
    .map(parts => parts.join('')),
);

test('any text is read, judged, completed, explained and run as route tests', () => {
  fc.assert(
    fc.property(yaml, fc.nat(200), (text, offset) => {
      const file = 'a.routes.test.yaml';
      const own = snapshotOf([
        { path: 'reviews.yaml', text: MANIFEST },
        { path: file, text },
      ]);
      const at = Math.min(offset, text.length);
      const onFault = (_: unknown, fault: unknown): void => {
        throw fault;
      };
      drain(fileFindings(own, file, { severities: {}, onFault }));
      completion(own, file, at);
      hover(own, file, at);
      for (const { status } of runRouteTests(own, readTestFile(file, text)))
        expect(['passed', 'failed', 'error']).toContain(status);
      importRouterCheck(text);
    }),
    { numRuns: 60 },
  );
});
