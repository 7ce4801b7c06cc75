/** Times questions about requests on one long VirtualService: an explanation, and its generated route tests. */

import {
  createHost,
  explainRequest,
  generateRouteTests,
  readTestFile,
  runRouteTests,
  type Schemas,
  type Snapshot,
} from '../../server/src/analysis.ts';
import type { EnvoyRouteMatch, EnvoyStringMatcher } from '../../server/src/routing/envoy.ts';
import { Measures } from './measure.ts';
import { realisticMatches } from './reachability.ts';

const HOST = 'shop.example.com';
/** Explanations before the times count: until then the program is being compiled. */
const WARM_UP = 20;

/** A VirtualService with three matches for each route, what it refers to, and questions to it. */
export function timeRequests(options: {
  readonly seed: number;
  readonly runs: number;
  readonly routes: number;
  readonly schemas: Schemas;
}): Measures {
  const { seed, runs, routes, schemas } = options;
  const measures = new Measures();
  const time = <T>(stage: string, work: () => T): T => {
    const start = performance.now();
    const result = work();
    measures.add(stage, performance.now() - start);
    return result;
  };
  const host = createHost(schemas);
  host.apply({ files: new Map([['shop.yaml', manifests(realisticMatches(seed, routes))]]) });
  const snapshot = host.snapshot();
  // What the server has done for diagnostics before anybody asks.
  if (snapshot.routing.prepared.length !== 1) throw new Error('the VirtualService is refused');
  time('first explanation, past all routes', () => ask(snapshot, '/nothing'));
  for (let run = -WARM_UP; run < runs; run++) {
    const explain = (): void => ask(snapshot, `/nothing-${run}`);
    if (run < 0) explain();
    else time('one explanation, past all routes', explain);
  }
  const { text } = time('all route tests generated', () => generateRouteTests(snapshot));
  const file = time('all route tests read', () => readTestFile('shop.routes.test.yaml', text));
  const results = time('all route tests run', () => runRouteTests(snapshot, file));
  measures.add('route tests (number)', results.length);
  measures.add('route tests that fail (number)', results.filter(({ status }) => status !== 'passed').length);
  return measures;
}

function ask(snapshot: Snapshot, path: string): void {
  const request = { method: 'GET', url: `http://${HOST}${path}`, headers: [] };
  const answer = explainRequest(snapshot, { request }, () => undefined);
  if ('fault' in answer || answer.considered.length === 0) throw new Error('the request is not explained');
}

function manifests(matches: readonly EnvoyRouteMatch[]): string {
  const rules: string[] = [];
  for (let first = 0; first < matches.length; first += 3) {
    const own = matches.slice(first, first + 3).map(match => `        - ${JSON.stringify(istioMatch(match))}\n`);
    rules.push(`    - name: route-${first / 3}
      match:
${own.join('')}      route: [{ destination: { host: shop, subset: v${(first % 2) + 1} } }]
`);
  }
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: shop }
spec:
  hosts: [${HOST}]
  gateways: [shop]
  http:
${rules.join('')}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [${HOST}] }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: shop, namespace: shop }
spec:
  host: shop
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]
---
apiVersion: v1
kind: Service
metadata: { name: shop, namespace: shop }
spec: { ports: [{ name: http, port: 80 }] }
`;
}

/** A match as one writes it in a VirtualService. */
function istioMatch({ path, prefix, safeRegex, headers = [], queryParameters = [] }: EnvoyRouteMatch): object {
  const conditions = headers.map(({ name, stringMatch }) => [name, istioText(stringMatch)] as const);
  const method = conditions.find(([name]) => name === ':method');
  return {
    uri: istioText({
      ...(path === undefined ? {} : { exact: path }),
      ...(prefix === undefined ? {} : { prefix }),
      ...(safeRegex === undefined ? {} : { safeRegex }),
    }),
    ...(method === undefined ? {} : { method: method[1] }),
    headers: Object.fromEntries(conditions.filter(([name]) => name !== ':method')),
    queryParams: Object.fromEntries(queryParameters.map(({ name, stringMatch }) => [name, istioText(stringMatch)])),
  };
}

function istioText({ exact, prefix, safeRegex }: EnvoyStringMatcher = {}): object {
  if (safeRegex !== undefined) return { regex: safeRegex.regex };
  return exact !== undefined ? { exact } : prefix !== undefined ? { prefix } : {};
}
