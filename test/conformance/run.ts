import path from 'node:path';
import { DEFAULT_SETTINGS, type Snapshot, selectedProxies } from '../../server/src/analysis.ts';
import { type EnvoyProxy, envoyProxy } from '../../server/src/features/envoy-json.ts';
import type { TypedResource } from '../../server/src/model/decode.ts';
import { reachabilityOf } from '../../server/src/routing/reach/reachability.ts';
import { admits } from '../../server/src/rules/run.ts';
import { AnalysisHost } from '../../server/src/workspace/host.ts';
import { requestFits } from '../harness/envoy.ts';
import { schemas } from '../harness/schemas.ts';
import { differences } from './compare.ts';
import { type OracleCase, type ProxyAnswer, synthesizedManifests } from './oracle.ts';
import { type Comparable, UNKNOWABLE } from './unknowable.ts';

const EVERYTHING = {
  gateway: undefined,
  sidecar: undefined,
  labels: undefined,
  host: undefined,
  port: undefined,
} as const;

/** Mesh settings that an answer was made with and that its input does not say. */
const REGISTRY_ONLY: readonly string[] = ['registry-only-mesh'];

/** Who says which resources Istio's webhook refuses: the answers, so that Pilot's part is compared alone, or our rules. */
export type AdmissionBy = 'answers' | 'rules';

/** A snapshot of a case's input, with the services that were added to it, and without the resources that are refused. */
export function caseSnapshot({ name, files, expect }: OracleCase, by: AdmissionBy = 'answers'): Snapshot {
  const answers = answeredAdmission(expect);
  const admission = (resource: TypedResource): boolean => {
    const answer = answers.get(`${resource.kind} ${resource.namespace} ${resource.name}`);
    // Some answers were made without the webhook, to show what Pilot does with a resource that it would have refused.
    if (answer === 'taken although refused') return true;
    return by === 'answers' ? answer !== 'refused' : admits(resource, schemas);
  };
  const host = new AnalysisHost(schemas, admission);
  const texts = new Map<string, string | undefined>(files.map(file => [file.path, file.text]));
  if (expect.synthesized !== undefined) texts.set('synthesized.yaml', synthesizedManifests(expect));
  const mesh = REGISTRY_ONLY.includes(path.basename(name))
    ? { ...DEFAULT_SETTINGS.mesh, outboundTrafficPolicy: 'REGISTRY_ONLY' as const }
    : DEFAULT_SETTINGS.mesh;
  // The answers know nothing but their input: what is not in it does not exist.
  host.apply({ settings: { ...DEFAULT_SETTINGS, ownedNamespaces: ['*'], mesh }, files: texts });
  return host.snapshot();
}

/** What the webhook of the answers did with each resource. What cannot be parsed never gets to Pilot. */
function answeredAdmission({
  validation,
}: OracleCase['expect']): ReadonlyMap<string, 'refused' | 'taken although refused'> {
  return new Map(
    validation.flatMap(
      ({ kind, namespace, name, errors, dropped }): [string, 'refused' | 'taken although refused'][] => {
        const key = `${kind} ${namespace || 'default'} ${name}`;
        if (dropped || errors.some(error => error.startsWith('parse:'))) return [[key, 'refused']];
        return errors.length > 0 ? [[key, 'taken although refused']] : [];
      },
    ),
  );
}

/** Every place where our tables, listeners and clusters are not Pilot's, and viewpoints that we do not show. */
export function tableDifferences(oracle: OracleCase, snapshot: Snapshot): string[] {
  const answers = oracle.expect.proxies ?? [];
  return [
    ...missingViewpoints(answers, snapshot),
    ...answers.flatMap(answer => {
      const { type, namespace, labels } = answer;
      const ours = envoyProxy(snapshot.routing, { type, namespace, labels });
      return proxyDifferences(ours, answer).map(line => `${ours.name}: ${line}`);
    }),
  ];
}

/** Every place where one proxy's tables, listeners and clusters are not Pilot's. */
export function proxyDifferences(ours: EnvoyProxy, answer: ProxyAnswer): string[] {
  const theirs = {
    routeConfigs: answer.routeConfigs ?? [],
    listeners: answer.listeners ?? [],
    clusters: [...(answer.clusters ?? [])].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1)),
  };
  return differences(comparable(ours as unknown as Comparable), comparable(theirs as unknown as Comparable));
}

function comparable({ routeConfigs, listeners, clusters }: Comparable): Comparable {
  return UNKNOWABLE.reduce((proxy, { strip }) => strip(proxy), { routeConfigs, listeners, clusters });
}

/** Whether the input names a namespace at all; a viewpoint elsewhere is asked for by its name. */
function isNamed(namespace: string, snapshot: Snapshot): boolean {
  return (
    namespace === snapshot.settings.defaultNamespace ||
    [...snapshot.files.values()].some(({ text }) => text.includes(namespace))
  );
}

/** Every gateway and a sidecar without labels of each namespace must be shown without being asked for. */
function missingViewpoints(answers: readonly ProxyAnswer[], snapshot: Snapshot): string[] {
  const key = ({ type, namespace, labels }: Pick<ProxyAnswer, 'type' | 'namespace' | 'labels'>): string =>
    JSON.stringify([type, namespace, Object.entries(labels).sort()]);
  const shown = new Set(selectedProxies(snapshot, EVERYTHING).map(key));
  return answers
    .filter(answer => answer.type === 'router' || Object.keys(answer.labels).length === 0)
    .filter(answer => !shown.has(key(answer)) && isNamed(answer.namespace, snapshot))
    .map(({ type, namespace, labels }) => `${type} ${namespace} ${JSON.stringify(labels)}: is not shown`);
}

/** Routes that we call unreachable and that a request has reached in a real Envoy. */
export function falselyDead(oracle: OracleCase, snapshot: Snapshot): string[] {
  return (oracle.expect.requests ?? []).flatMap(({ proxy, routeConfig, route, request }) => {
    const asked = oracle.expect.proxies[proxy];
    if (asked === undefined || route === null || route === undefined) return [];
    const { tables } = snapshot.routing.tables({ type: asked.type, namespace: asked.namespace, labels: asked.labels });
    const table = tables.find(({ name }) => name === routeConfig);
    const host = table?.virtualHosts.find(({ name }) => name === route.virtualHost);
    const found = host?.routes[route.index];
    if (table === undefined || host === undefined || found === undefined)
      return [`${routeConfig} ${route.virtualHost}[${route.index}]: no such route`];
    return reachabilityOf(host, table)[route.index]?.state === 'unreachable'
      ? [`${route.virtualHost}[${route.index}] is reached by ${request.method} ${request.path}`]
      : [];
  });
}

/** Resources that Istio refuses and our rules take, or the reverse. */
export function admissionDifferences({ expect }: OracleCase, snapshot: Snapshot): string[] {
  const answers = answeredAdmission(expect);
  return [...snapshot.files.values()]
    .flatMap(file => file.resources)
    .flatMap(resource => {
      const answer = answers.get(`${resource.kind} ${resource.namespace} ${resource.name}`);
      const taken = admits(resource, schemas);
      const refusedByIstio = answer !== undefined;
      if (taken !== refusedByIstio) return [];
      return [
        `${resource.kind} ${resource.namespace}/${resource.name}: ${taken ? 'refused by Istio, taken by us' : 'taken by Istio, refused by us'}`,
      ];
    });
}

/** Witnesses that reach another route than theirs, by a reading of Envoy's matching that shares no code with the product. */
export function wrongWitnesses({ expect }: OracleCase, snapshot: Snapshot): string[] {
  return expect.proxies.flatMap(({ type, namespace, labels }) =>
    snapshot.routing.tables({ type, namespace, labels }).tables.flatMap(table =>
      table.virtualHosts.flatMap(host =>
        reachabilityOf(host, table).flatMap((reach, place) => {
          // Tokens are more than that reading knows.
          const claims = host.routes.some(({ envoy }) => envoy.match.dynamicMetadata !== undefined);
          if (reach.state !== 'live' || claims) return [];
          const { path, query } = reach.witness;
          const request = { ...reach.witness, path: query === '' ? path : `${path}?${query}` };
          const won = host.routes.findIndex(({ envoy }) => requestFits(envoy.match, request));
          const wrong = won !== place || !isServedBy(request.authority, host.domains);
          return wrong ? [`${table.name} ${host.name}[${place}]: ${JSON.stringify(request)} reaches ${won}`] : [];
        }),
      ),
    ),
  );
}

function isServedBy(authority: string, domains: readonly string[]): boolean {
  // Envoy chooses a virtual host without regard to case.
  const name = authority.replace(/:\d+$/, '').toLowerCase();
  return domains.some(domain => domain === name || (domain.startsWith('*') && name.endsWith(domain.slice(1))));
}
