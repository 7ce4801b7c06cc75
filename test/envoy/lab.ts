import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clustersIn, type LabTable, writeBootstrap } from './bootstrap.ts';
import { type Echo, EchoServers } from './echo.ts';
import { EnvoyProcess } from './process.ts';
import { type EnvoyRequest, send } from './request.ts';

/** What became of a request, told by Envoy and by the upstream that it reached. */
export interface EnvoyAnswer {
  readonly status: number;
  /** The route that won; `undefined` when none did, or when it was redirected before routes were looked at. */
  readonly route: { readonly virtualHost: string; readonly index: number } | undefined;
  readonly cluster: string | undefined;
  readonly location: string | undefined;
  /** What the upstream was asked; `undefined` when the request reached none. */
  readonly upstream: Upstream | undefined;
}

export interface Upstream {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** Those that Envoy added or changed, without its own (`x-envoy-…`, `x-request-id`, `x-forwarded-…`); sorted. */
  readonly headers: readonly (readonly [string, string])[];
}

const ENVOYS_OWN = /^(?:host|connection|x-envoy-.*|x-request-id|x-forwarded-.*)$/;

/** The program to test with; `scripts/envoy.mjs` names it. */
export function envoyProgram(): string {
  const program = process.env['ENVOY'];
  if (program === undefined) throw new Error('no Envoy: run `npm run test:envoy`, or name the program in ENVOY');
  return program;
}

/** One real Envoy with many tables, each behind a listener of its own, and an upstream for each cluster. */
export class EnvoyLab {
  readonly #folder: string;
  readonly #process: EnvoyProcess;
  readonly #echo: EchoServers;
  readonly #ports: ReadonlyMap<string, number>;
  /** Why tables were refused, by id. */
  readonly refusals: ReadonlyMap<string, string>;

  private constructor(
    folder: string,
    running: EnvoyProcess,
    echo: EchoServers,
    ports: ReadonlyMap<string, number>,
    refusals: ReadonlyMap<string, string>,
  ) {
    this.#folder = folder;
    this.#process = running;
    this.#echo = echo;
    this.#ports = ports;
    this.refusals = refusals;
  }

  static async start(tables: readonly LabTable[], program = envoyProgram()): Promise<EnvoyLab> {
    const folder = mkdtempSync(path.join(tmpdir(), 'istio-yaml-envoy-'));
    const echo = await EchoServers.start([...new Set(tables.flatMap(({ config }) => clustersIn(config)))]);
    try {
      const running = await EnvoyProcess.start(program, writeBootstrap(folder, tables, echo.ports));
      return new EnvoyLab(folder, running, echo, await listenerPorts(running), await refusalsOf(running));
    } catch (error) {
      await echo.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Sends a request to the listener of a table. */
  async ask(table: string, request: EnvoyRequest): Promise<EnvoyAnswer> {
    const port = this.#ports.get(table);
    if (port === undefined) throw new Error(`there is no table ${table}`);
    const response = await send(port, request);
    const line = await this.#process.line(table, response.localPort);
    const echo = echoIn(response.body);
    if (echo !== undefined && echo.cluster !== line.cluster)
      throw new Error(`${line.cluster} was chosen, and ${echo.cluster} reached`);
    return {
      status: response.status,
      route: line.route ?? undefined,
      cluster: line.cluster ?? undefined,
      location: response.headers.get('location'),
      upstream: echo === undefined ? undefined : upstreamOf(echo, request),
    };
  }

  async stop(): Promise<void> {
    await this.#process.stop();
    await this.#echo.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function listenerPorts(running: EnvoyProcess): Promise<ReadonlyMap<string, number>> {
  interface Listeners {
    readonly listener_statuses: readonly {
      readonly name: string;
      readonly local_address: { readonly socket_address: { readonly port_value: number } };
    }[];
  }
  const { listener_statuses } = JSON.parse(await running.admin('/listeners?format=json')) as Listeners;
  return new Map(listener_statuses.map(({ name, local_address: at }) => [name, at.socket_address.port_value]));
}

/** Why listeners were refused, by name. */
async function refusalsOf(running: EnvoyProcess): Promise<ReadonlyMap<string, string>> {
  interface Dump {
    readonly configs?: readonly { readonly name: string; readonly error_state?: { readonly details?: string } }[];
  }
  const { configs = [] } = JSON.parse(await running.admin('/config_dump?resource=dynamic_listeners')) as Dump;
  return new Map(
    configs.flatMap(({ name, error_state }): [string, string][] =>
      error_state === undefined ? [] : [[name, error_state.details ?? '']],
    ),
  );
}

function echoIn(body: string): Echo | undefined {
  if (!body.startsWith('{"cluster":')) return undefined;
  return JSON.parse(body) as Echo;
}

function upstreamOf({ method, path, headers }: Echo, request: EnvoyRequest): Upstream {
  const sent = new Map(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const changed = headers.filter(([name, value]) => !ENVOYS_OWN.test(name) && sent.get(name) !== value);
  const sorted = [...changed].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const host = headers.find(([name]) => name === 'host')?.[1] ?? '';
  return { method, path, host, headers: sorted };
}
