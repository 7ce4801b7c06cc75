import { createHost, type Schemas } from '../../server/src/analysis.ts';
import { Routing } from '../../server/src/routing/tables.ts';
import { buildMesh } from '../../server/src/workspace/mesh.ts';
import { generateRouting } from './generator/routing.ts';
import type { Workspace } from './generator/writer.ts';
import { brief, Measures } from './measure.ts';

/** Edits of one rule that are timed in each mesh; the first ones warm up. */
const EDITS = 30;
const WARM_UP_EDITS = 10;
const ALL_TABLES = 'tables of all proxies';
const ONE_TABLE = 'table of one viewpoint after an edit of one route';

export interface RoutingResult {
  readonly name: string;
  readonly measures: Measures;
  readonly target: { readonly stage: string; readonly below: number };
}

/** Times the routing core alone, without parsing and findings, on two large meshes. */
export function timeRouting(options: {
  readonly seed: number;
  readonly runs: number;
  readonly schemas: Schemas;
}): readonly RoutingResult[] {
  const { seed, runs, schemas } = options;
  const many = generateRouting({ seed, virtualServices: 1000, routes: 4, hosts: 200, gateways: 50 });
  const one = generateRouting({ seed, virtualServices: 1, routes: 1000, hosts: 1, gateways: 1 });
  return [
    {
      name: 'routing: 1,000 VirtualServices on 200 hosts and 50 gateways',
      measures: timeMesh(many, runs, schemas),
      target: { stage: ALL_TABLES, below: 500 },
    },
    {
      name: 'routing: one VirtualService with 1,000 routes',
      measures: timeMesh(one, runs, schemas),
      target: { stage: ONE_TABLE, below: 10 },
    },
  ];
}

/** Medians beside their targets, one line for each mesh. */
export function routingText(results: readonly RoutingResult[]): string {
  const rows = results.flatMap(({ name, measures, target }) =>
    [ALL_TABLES, ONE_TABLE].map(stage => {
      const samples = measures.of(stage);
      const below = stage === target.stage ? String(target.below) : '';
      return `| ${name.replace('routing: ', '')} | ${stage} | ${brief(samples.p50)} | ${brief(samples.p95)} | ${below} |`;
    }),
  );
  return [
    '## The routing core alone',
    '',
    '| mesh | ms | p50 | p95 | target |',
    '| --- | --- | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n');
}

function timeMesh({ files }: Workspace, runs: number, schemas: Schemas): Measures {
  let measures = new Measures();
  for (let run = -1; run < runs; run++) {
    if (run <= 0) measures = new Measures();
    const time = <T>(stage: string, work: () => T): T => {
      const start = performance.now();
      const result = work();
      measures.add(stage, performance.now() - start);
      return result;
    };
    const host = createHost(schemas);
    host.apply({ files: new Map(files.map(file => [file.path, file.text])) });
    const { index, references } = host.snapshot();
    const mesh = time('mesh', () => buildMesh(index, references, () => true));
    const routing = new Routing(mesh);
    time('VirtualServices with delegates', () => routing.prepared);
    time('DestinationRules merged', () => routing.rules);
    const proxies = time('proxies', () => routing.proxies());
    const tables = time(ALL_TABLES, () => proxies.map(proxy => routing.tables(proxy)));
    measures.add(
      'virtual hosts (number)',
      tables.flatMap(found => found.tables.flatMap(table => table.virtualHosts)).length,
    );
    measures.add('proxies (number)', proxies.length);
  }
  timeEdits(files, schemas, measures);
  return measures;
}

/** From the resources of an edited file to the table of one viewpoint: names, delegates, rules, routes. */
function timeEdits(files: Workspace['files'], schemas: Schemas, measures: Measures): void {
  const host = createHost(schemas);
  host.apply({ files: new Map(files.map(file => [file.path, file.text])) });
  const edited = files.find(({ path }) => path.includes('virtual-services'));
  if (edited === undefined) throw new Error('there is no file of VirtualServices');
  const places = [...edited.text.matchAll(/\n( *)route:\n/g)];
  for (let edit = 0; edit < EDITS; edit++) {
    const place = places[Math.floor((places.length * (edit + 1)) / (EDITS + 2))];
    if (place?.[1] === undefined) throw new Error('there is no rule to edit');
    const added = `\n${place[1]}timeout: ${edit + 1}s${place[0]}`;
    const text = edited.text.slice(0, place.index) + added + edited.text.slice(place.index + place[0].length);
    host.apply({ files: new Map([[edited.path, text]]) });
    const { index, references } = host.snapshot();
    const start = performance.now();
    const mesh = buildMesh(index, references, () => true);
    const middle = performance.now();
    const routing = new Routing(mesh);
    const [proxy] = routing.proxies();
    if (proxy === undefined) throw new Error('there is no proxy');
    const { names, table } = routing.proxy(proxy);
    const made = table(names[0] ?? '');
    const end = performance.now();
    if (made.virtualHosts.length === 0) throw new Error('the table is empty');
    if (edit < WARM_UP_EDITS) continue;
    measures.add('mesh after an edit', middle - start);
    measures.add(ONE_TABLE, end - middle);
  }
}
