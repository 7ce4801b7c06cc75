/** Deterministic workspaces for the bench: the same arguments give the same bytes. */

import { type Random, random } from './random.ts';
import {
  fullHost,
  header,
  type Name,
  NETWORKING,
  putAuthorizationPolicy,
  putDestinationRule,
  putGateway,
  putPeerAuthentication,
  putService,
  putServiceEntry,
  putSidecar,
  putUnrelated,
} from './resources.ts';
import {
  coveredBy,
  putRoute,
  putVirtualService,
  type RouteMistake,
  randomMatch,
  WORDS,
  type WrittenRoute,
} from './virtual-service.ts';

import { type FileWriter, type Probe, padded, type Workspace, workspaceWriter } from './writer.ts';

export const SIZES = ['small', 'medium', 'many', 'large', 'folder'] as const;
export type Size = (typeof SIZES)[number];

export const DESCRIPTIONS: Readonly<Record<Size, string>> = {
  small: 'one file of about 100 lines, one VirtualService',
  medium: 'one file of about 2,000 lines in many documents',
  many: 'one file of about 20,000 lines in many documents',
  large: 'one file of 20,000 lines: one VirtualService with 1,000 routes',
  folder: 'a folder of many files',
};

export interface GenerateOptions {
  readonly seed: number;
  /** Files of the size `folder`. */
  readonly files: number;
  /** Namespaces get this suffix, so that two workspaces of one size do not meet. */
  readonly suffix?: string;
}

export function generate(size: Size, { seed, files, suffix = '' }: GenerateOptions): Workspace {
  const numbers = random(seed * 7919 + SIZES.indexOf(size));
  switch (size) {
    case 'small':
      return small(numbers, `shop${suffix}`);
    case 'medium':
      return manyDocuments(numbers, `shop${suffix}`, 2000);
    case 'many':
      return manyDocuments(numbers, `shop${suffix}`, 20_000);
    case 'large':
      return large(numbers, `edge${suffix}`);
    case 'folder':
      return folder(numbers, files);
  }
}

function small(numbers: Random, namespace: string): Workspace {
  const workspace = workspaceWriter();
  putVirtualService(workspace.file('virtual-service.yaml'), numbers, {
    ...{ namespace, name: 'shop', hosts: ['shop.example.com'], gateways: [], routes: 5, linesPerRoute: 18 },
    destinations: () => [{ host: 'shop' }],
    mistakes: { unreachable: 0, others: ['unknown-field'] },
  });
  putService(workspace.file('services.yaml'), { namespace, name: 'shop' });
  return workspace.finish();
}

/** One file: blocks of Service, DestinationRule, Gateway and VirtualService. */
function manyDocuments(numbers: Random, namespace: string, lines: number): Workspace {
  const workspace = workspaceWriter();
  const file = workspace.file('all.yaml');
  for (let block = 0; file.lineCount < lines; block++) {
    const app = { namespace, name: `${WORDS[block % WORDS.length]}-${padded(block, 3)}` };
    putService(file, app);
    putDestinationRule(file, numbers, app, ['v1', 'v2'], { misspelt: block % 9 === 4 });
    const host = `${app.name}.example.com`;
    putGateway(file, { namespace, name: `${app.name}-gw` }, host, { misspelt: block % 9 === 7 });
    const isMissing = block % 6 === 3;
    const routes = 6 + (block % 5);
    const others: RouteMistake[] = [];
    if (block % 4 === 1) others.push('unknown-field');
    if (block % 5 === 2) others.push('invalid-regex');
    putVirtualService(file, numbers, {
      ...{ ...app, hosts: [host], routes, linesPerRoute: 18 },
      gateways: [{ name: isMissing ? `${app.name}-gateway` : `${app.name}-gw`, isMissing }],
      destinations: () => [
        { host: fullHost(app), subset: 'v1', weight: 90 },
        { host: fullHost(app), subset: 'v2', weight: 10 },
      ],
      mistakes: { unreachable: block % 3 === 0 ? 1 : 0, others },
    });
  }
  return workspace.finish();
}

function large(numbers: Random, namespace: string): Workspace {
  const workspace = workspaceWriter();
  const service = (index: number): Name => ({ namespace, name: `svc-${padded(index, 2)}` });
  putVirtualService(workspace.file('big.yaml'), numbers, {
    ...{ namespace, name: 'edge', hosts: ['edge.example.com'], gateways: [], routes: 1000, linesPerRoute: 20 },
    destinations: route => [{ host: fullHost(service(route % 50)) }],
    mistakes: {
      unreachable: 50,
      others: Array.from(
        { length: 20 },
        (_, i) => (['unknown-field', 'wrong-type', 'invalid-regex', 'invalid-duration'] as const)[i % 4]!,
      ),
    },
  });
  const services = workspace.file('services.yaml');
  for (let i = 0; i < 50; i++) putService(services, service(i));
  return workspace.finish();
}

const FILES_PER_NAMESPACE = 10;
/** Every so-many-th file is none of Istio's. */
const UNRELATED_EVERY = 5;

/**
 * Files of five resources each. VirtualServices name Services, subsets and Gateways that other files hold, of their own
 * namespace or of another one.
 */
function folder(numbers: Random, count: number): Workspace {
  const workspace = workspaceWriter();
  const unrelated = Math.floor(count / UNRELATED_EVERY);
  const apps = count - unrelated;
  const nameOf = (index: number): Name => {
    const inNamespace = index % FILES_PER_NAMESPACE;
    const namespace = `team-${padded(Math.floor(index / FILES_PER_NAMESPACE), 3)}`;
    return { namespace, name: `${WORDS[inNamespace % WORDS.length]}-${inNamespace}` };
  };
  const subsetLines = new Map<string, { readonly file: string; readonly line: number }>();
  const uses: { readonly file: string; readonly line: number; readonly host: string }[] = [];
  for (let index = 0; index < apps; index++) {
    const app = nameOf(index);
    const file = workspace.file(`${app.namespace}/${app.name}.yaml`);
    putService(file, app);
    const lines = putDestinationRule(file, numbers, app, ['v1', 'v2'], { misspelt: numbers.chance(0.004) });
    subsetLines.set(fullHost(app), { file: file.path, line: lines.get('v1') ?? 1 });
    const first = index - (index % FILES_PER_NAMESPACE);
    const neighbor = numbers.chance(0.15)
      ? nameOf(numbers.int(0, apps - 1))
      : nameOf(first + ((index - first + 1) % Math.min(FILES_PER_NAMESPACE, apps - first)));
    uses.push(...putAppRoutes(file, numbers, app, neighbor));
    putAuthorizationPolicy(file, numbers, app);
    putFifth(file, app, index - first);
  }
  for (let index = 0; index < unrelated; index++) {
    putUnrelated(workspace.file(`charts/chart-${padded(index, 4)}/values.yaml`, { isIstio: false }), numbers);
  }
  for (const probe of probes(uses, subsetLines)) workspace.probe(probe);
  return workspace.finish();
}

/** @returns the lines that use subset `v1` of the neighbor */
function putAppRoutes(
  file: FileWriter,
  numbers: Random,
  app: Name,
  neighbor: Name,
): { file: string; line: number; host: string }[] {
  const { namespace } = app;
  const isMissingGateway = numbers.chance(0.01);
  const wrong = numbers.chance(0.01) ? 'missing-subset' : numbers.chance(0.01) ? 'missing-host' : undefined;
  const host = wrong === 'missing-host' ? fullHost({ ...neighbor, name: `${neighbor.name}-gone` }) : fullHost(neighbor);
  const gateway = isMissingGateway ? `${namespace}-gone` : `${namespace}-gw`;
  header(file, NETWORKING, 'VirtualService', app);
  file.put(0, 'spec:');
  file.put(2, 'hosts:');
  file.put(4, `- ${app.name}.${namespace}.example.com`);
  file.put(2, 'gateways:');
  const gatewayLine = file.put(4, `- ${gateway}`);
  if (isMissingGateway) file.mistake('missing-gateway', gatewayLine, `there is no Gateway ${gateway}`);
  file.put(2, 'http:');
  const uses: { file: string; line: number; host: string }[] = [];
  let first: WrittenRoute | undefined;
  const routes = numbers.int(2, 5);
  for (let route = 0; route < routes; route++) {
    const destinations =
      route === 0
        ? [
            { host: fullHost(app), subset: 'v1', weight: 80 },
            { host: fullHost(app), subset: 'v2', weight: 20 },
          ]
        : [{ host, ...(wrong !== 'missing-host' && { subset: wrong === 'missing-subset' ? 'v9' : 'v1' }) }];
    const covered = first !== undefined && numbers.chance(0.01) ? coveredBy(numbers, first.matches) : undefined;
    const mistake = covered === undefined && route > 0 && numbers.chance(0.004) ? 'wrong-type' : undefined;
    const written = putRoute(file, numbers, {
      name: `route-${route}`,
      matches: covered?.matches ?? [randomMatch(numbers, `${app.name}-${route}`, 0)],
      destinations,
      untilLine: file.lineCount + (covered === undefined ? 16 : 0),
      mistake,
    });
    if (covered !== undefined) file.mistake('unreachable-route', written.start, covered.how, written.end);
    first ??= written;
    const [lines] = written.destinationLines;
    if (route === 0 || lines === undefined) continue;
    if (wrong === 'missing-host') file.mistake('missing-host', lines.host, `there is no ${host}`);
    if (wrong === 'missing-subset')
      file.mistake('missing-subset', lines.subset ?? lines.host, `${host} has no subset v9`);
    if (wrong === undefined && lines.subset !== undefined) uses.push({ file: file.path, line: lines.subset, host });
  }
  return uses;
}

function putFifth(file: FileWriter, app: Name, place: number): void {
  const { namespace } = app;
  if (place === 0)
    putGateway(file, { namespace, name: `${namespace}-gw` }, `*.${namespace}.example.com`, { misspelt: false });
  else if (place === 1) putPeerAuthentication(file, namespace);
  else if (place === 2) putSidecar(file, namespace);
  else putServiceEntry(file, app);
}

/** Renaming a subset in its DestinationRule must bring a finding where another file uses it. */
function probes(
  uses: readonly { readonly file: string; readonly line: number; readonly host: string }[],
  definitions: ReadonlyMap<string, { readonly file: string; readonly line: number }>,
): readonly Probe[] {
  const found: Probe[] = [];
  const step = Math.max(1, Math.floor(uses.length / 50));
  for (let i = 0; i < uses.length; i += step) {
    const use = uses[i]!;
    const definition = definitions.get(use.host);
    if (definition === undefined || definition.file === use.file) continue;
    found.push({
      edit: { ...definition, find: '- name: v1', replace: '- name: v1x' },
      expect: { file: use.file, line: use.line },
    });
  }
  return found;
}
