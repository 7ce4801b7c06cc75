/** Reads cases in the form of the oracle: manifests beside the answers of Istio's control plane and of Envoy. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { EnvoyRouteConfiguration } from '../../server/src/routing/envoy.ts';

export interface OracleCase {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
  readonly expect: Expectation;
}

export interface Expectation {
  /** `HOST [PORTS]` */
  readonly synthesized?: readonly string[];
  readonly validation: readonly {
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly file?: string;
    readonly line: number;
    readonly errors: readonly string[];
    readonly warnings: readonly string[];
    readonly schemaErrors: readonly string[];
    /** What Istio's strict decoder says of a field that it does not know. */
    readonly unknownFieldError?: string;
    readonly dropped?: boolean;
  }[];
  /** What `istioctl analyze` says of the input alone, and what its other analyzers add that want Services and Pods. */
  readonly analysis?: readonly AnalyzerMessage[] | null;
  readonly analysisRuntime?: readonly AnalyzerMessage[] | null;
  /** What Istio's YAML reader says. */
  readonly parseErrors?: readonly string[];
  /** Empty in answers without tables. */
  readonly proxies: readonly ProxyAnswer[];
  /** What a real Envoy answered that had loaded the table. */
  readonly requests?: readonly {
    readonly proxy: number;
    readonly routeConfig: string;
    readonly request: { readonly method: string; readonly path: string };
    readonly route?: { readonly virtualHost: string; readonly index: number } | null;
  }[];
}

export interface AnalyzerMessage {
  /** `IST0101` */
  readonly code: string;
  readonly level: string;
  /** `Kind namespace/name`, without the namespace for what belongs to none. */
  readonly origin: string;
  readonly message: string;
  readonly line: number;
}

export interface ProxyAnswer {
  /** `sidecar default`, `router {"istio":"ingressgateway"}` */
  readonly name: string;
  readonly type: 'router' | 'sidecar';
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly routeConfigs: readonly EnvoyRouteConfiguration[] | null;
  readonly listeners: readonly Readonly<Record<string, unknown>>[] | null;
  readonly clusters: readonly Readonly<Record<string, unknown>>[] | null;
}

/** A folder of cases that cannot be read: its message names the file and says what is wrong. */
export class BadCase extends Error {}

const ANSWER = '.expect.json';

/**
 * All cases below a folder, sorted by name. A case is `NAME.expect.json` beside `NAME.yaml`, or beside a folder `NAME`
 * of manifests; `NAME.yml.expect.json` stands beside `NAME.yml`.
 *
 * @throws BadCase when the folder, an answer or the manifests of an answer cannot be read
 */
export function readCases(folder: string): readonly OracleCase[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new BadCase(`${folder}: there is no such folder`);
  const cases: OracleCase[] = [];
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!entry.endsWith(ANSWER)) continue;
    const name = entry.slice(0, -ANSWER.length);
    const expect = readAnswer(path.join(folder, entry));
    const files = manifestsOf(path.join(folder, name));
    if (files.length === 0) throw new BadCase(`${path.join(folder, entry)}: its manifests are not beside it`);
    cases.push({ name, files: files.map(file => ({ path: file, text: readFileSync(file, 'utf8') })), expect });
  }
  return cases;
}

function readAnswer(file: string): Expectation {
  let answer: unknown;
  try {
    answer = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new BadCase(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof answer !== 'object' || answer === null || !Array.isArray((answer as Partial<Expectation>).validation)) {
    throw new BadCase(`${file}: is no answer: it has no list "validation"`);
  }
  return { ...(answer as Expectation), proxies: (answer as Partial<Expectation>).proxies ?? [] };
}

function manifestsOf(base: string): string[] {
  const single = [`${base}.yaml`, `${base}.yml`, base].find(file => existsSync(file) && statSync(file).isFile());
  if (single !== undefined) return [single];
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .filter(name => /\.ya?ml$/.test(name))
    .sort()
    .map(name => path.join(base, name));
}

/** The services that were added to the input of a case, as manifests. */
export function synthesizedManifests(expect: Expectation): string {
  const documents = (expect.synthesized ?? []).map(line => {
    const [, host, ports] = /^(\S+) \[(.*)\]$/.exec(line) ?? [];
    const numbers = (ports ?? '').split(' ').map(Number);
    const local = /^([^.]+)\.([^.]+)\.svc\.cluster\.local$/.exec(host ?? '');
    if (local !== null) {
      const list = numbers.map(n => `{name: http-${n}, port: ${n}}`).join(', ');
      return `apiVersion: v1\nkind: Service\nmetadata: {name: ${local[1]}, namespace: ${local[2]}}\nspec: {ports: [${list}]}\n`;
    }
    const list = numbers.map(n => `{number: ${n}, name: http-${n}, protocol: HTTP}`).join(', ');
    return `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: ${String(host).replaceAll('.', '-')}}\nspec: {hosts: [${host}], ports: [${list}], location: MESH_EXTERNAL, resolution: DNS}\n`;
  });
  return documents.join('---\n');
}
