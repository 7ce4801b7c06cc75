import { parseServiceHost } from '../../model/host.ts';
import { type HttpRequest, portOf } from '../../routing/explain/request.ts';
import { type ChosenHost, chooseHost, withoutPort } from '../../routing/explain/virtual-host.ts';
import type { MeshProxy } from '../../routing/mesh.ts';
import type { Snapshot } from '../../workspace/snapshot.ts';
import { type ViewpointKey, viewpointsOf } from '../viewpoints.ts';

/** Which proxy is asked; nothing: the one that would get the request. */
export interface AskedProxy {
  readonly viewpoint?: string;
  readonly gateway?: string;
  readonly sidecar?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** The table in which a request is looked up, and why, in half a sentence. */
export interface ChosenTable {
  readonly key: ViewpointKey;
  readonly reason: string;
}

type Answer = ChosenTable | { readonly fault: string };

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Chooses the table: by what is asked for, then by the port and scheme of the URL, then by its host. */
export function tableFor(snapshot: Snapshot, request: HttpRequest, asked: AskedProxy): Answer {
  const { routing } = snapshot;
  if (asked.viewpoint !== undefined) {
    const key = viewpointsOf(routing).find(({ id }) => id === asked.viewpoint);
    return key === undefined ? { fault: 'this table is no longer there' } : { key, reason: 'the table that is shown' };
  }
  const search = new Search(snapshot, request);
  if (asked.gateway !== undefined) return search.gateway(asked.gateway);
  if (asked.sidecar !== undefined) {
    const proxy: MeshProxy = { type: 'sidecar', namespace: asked.sidecar, labels: asked.labels ?? {} };
    return search.sidecar(viewpointsOf(routing, [proxy]), asked.sidecar);
  }
  return search.any();
}

interface Candidate {
  readonly key: ViewpointKey;
  readonly chosen: ChosenHost | undefined;
}

const RANK = { exact: 4, suffix: 3, prefix: 2, any: 1 } as const;

class Search {
  readonly #snapshot: Snapshot;
  readonly #request: HttpRequest;
  readonly #named: number | undefined;
  readonly #port: number;

  constructor(snapshot: Snapshot, request: HttpRequest) {
    this.#snapshot = snapshot;
    this.#request = request;
    this.#named = portOf(request.authority);
    this.#port = this.#named ?? DEFAULT_PORTS[request.scheme] ?? 0;
  }

  gateway(name: string): Answer {
    const all = viewpointsOf(this.#snapshot.routing).filter(({ kind }) => kind === 'gateway');
    const own = all.filter(({ gateways }) => gateways.some(known => fitsName(known, name)));
    if (own.length === 0) {
      const known = [...new Set(all.flatMap(({ gateways }) => gateways))];
      return { fault: `there is no Gateway "${name}"${known.length === 0 ? '' : `; there are ${list(known)}`}` };
    }
    const open = this.#listening(own);
    if (!Array.isArray(open)) return { fault: `the Gateway "${name}" ${open.fault}` };
    const best = this.#best(open);
    return best === undefined
      ? { fault: `the Gateway "${name}" has no table` }
      : { key: best.key, reason: 'asked for' };
  }

  sidecar(own: readonly ViewpointKey[], namespace: string): Answer {
    const best = this.#best(own.filter(({ port }) => port === this.#port));
    if (best?.chosen !== undefined && best.chosen.by !== 'any') return { key: best.key, reason: 'asked for' };
    const other = this.#named === undefined ? this.#elsewhere(own) : undefined;
    if (other !== undefined) return other;
    if (best !== undefined) return { key: best.key, reason: 'asked for' };
    return { fault: `a sidecar in namespace "${namespace}" ${this.#closed(own)}` };
  }

  /** Nobody is named: a Gateway that serves the host, else the sidecars nearest to it. */
  any(): Answer {
    const all = viewpointsOf(this.#snapshot.routing);
    const gateways = all.filter(({ kind }) => kind === 'gateway');
    const listening = this.#listening(gateways);
    const open = Array.isArray(listening) ? listening : [];
    const atGateway = this.#best(open);
    const isServed = atGateway?.chosen !== undefined;
    if (isServed && atGateway.chosen?.by !== 'any') {
      return { key: atGateway.key, reason: `a Gateway serves this host on port ${atGateway.key.port}` };
    }
    const inside = this.#inside(all.filter(({ kind }) => kind === 'sidecar'));
    if (inside !== undefined) return inside;
    if (isServed) return { key: atGateway.key, reason: `a Gateway serves any host on port ${atGateway.key.port}` };
    if (atGateway !== undefined)
      return { key: atGateway.key, reason: 'no proxy serves this host, so a Gateway is asked' };
    const sidecars = all.filter(({ kind }) => kind === 'sidecar');
    const passing = this.#best(sidecars.filter(({ port }) => port === this.#port));
    if (passing !== undefined) return { key: passing.key, reason: 'no proxy serves this host, so a sidecar is asked' };
    const host = withoutPort(this.#request.authority);
    return { fault: `no Gateway and no sidecar listens on port ${this.#port} for "${host}"${this.#hint(sidecars)}` };
  }

  #inside(sidecars: readonly ViewpointKey[]): ChosenTable | undefined {
    const { clusterDomain } = this.#snapshot.settings.mesh;
    const host = withoutPort(this.#request.authority).toLowerCase();
    const home = parseServiceHost(host, clusterDomain)?.namespace ?? host.split('.')[1];
    const first = [home, this.#snapshot.settings.defaultNamespace];
    const namespaces = [...new Set([...first, ...sidecars.map(({ proxy }) => proxy.namespace)])];
    for (const namespace of namespaces) {
      const own = sidecars.filter(({ proxy }) => proxy.namespace === namespace);
      const best = this.#best(own.filter(({ port }) => port === this.#port));
      const found = best?.chosen === undefined || best.chosen.by === 'any' ? undefined : best;
      const other = found === undefined && this.#named === undefined ? this.#elsewhere(own) : undefined;
      if (found !== undefined) return { key: found.key, reason: `a call from a pod in namespace ${namespace}` };
      if (other !== undefined)
        return { ...other, reason: `a call from a pod in namespace ${namespace}; ${other.reason}` };
    }
    return undefined;
  }

  /** The host on another port, where it has only one: nobody has named a port. */
  #elsewhere(own: readonly ViewpointKey[]): ChosenTable | undefined {
    if (this.#request.scheme !== 'http') return undefined;
    const found = own
      .map(key => ({ key, chosen: this.#hostIn(key) }))
      .filter(({ chosen }) => chosen !== undefined && chosen.by !== 'any');
    const [only] = found;
    const ports = new Set(found.map(({ key }) => key.port));
    if (only === undefined || ports.size !== 1) return undefined;
    return { key: only.key, reason: `the host has no port ${this.#port}, so its port ${only.key.port} is taken` };
  }

  /** The tables of gateways that take such a connection, or why there are none. */
  #listening(own: readonly ViewpointKey[]): ViewpointKey[] | { readonly fault: string } {
    const isTls = this.#request.scheme === 'https';
    const fitting = own.filter(key => tls(key) === isTls);
    const onPort = fitting.filter(({ port }) => port === this.#port);
    if (onPort.length > 0) return onPort;
    const wrong = own.find(({ port }) => port === this.#port);
    if (this.#named === undefined && fitting.length > 0) return fitting;
    if (wrong !== undefined) {
      return isTls
        ? { fault: `speaks plain HTTP on port ${this.#port}: ask with http://` }
        : { fault: `speaks TLS on port ${this.#port}: ask with https://` };
    }
    return { fault: this.#closed(own) };
  }

  #closed(own: readonly ViewpointKey[]): string {
    return `has no HTTP routes on port ${this.#port}${this.#hint(own)}`;
  }

  #hint(own: readonly ViewpointKey[]): string {
    if (this.#request.scheme === 'https' && own.every(({ kind }) => kind === 'sidecar'))
      return ': a sidecar passes TLS through as it is; ask with http:// for what its routes do';
    const ports = [...new Set(own.map(({ port }) => port))].sort((a, b) => a - b);
    return ports.length === 0
      ? ''
      : `; there ${ports.length === 1 ? 'is port' : 'are ports'} ${list(ports.map(String))}`;
  }

  /** The table whose virtual host fits most closely. */
  #best(keys: readonly ViewpointKey[]): Candidate | undefined {
    let best: Candidate | undefined;
    for (const key of keys) {
      const chosen = this.#hostIn(key);
      if (best === undefined || rank(chosen) > rank(best.chosen)) best = { key, chosen };
    }
    return best;
  }

  #hostIn(key: ViewpointKey): ChosenHost | undefined {
    const { virtualHosts } = this.#snapshot.routing.proxy(key.proxy).table(key.table);
    return chooseHost(virtualHosts, this.#request.authority);
  }
}

function rank(chosen: ChosenHost | undefined): number {
  return chosen === undefined ? 0 : RANK[chosen.by] * 1000 + chosen.domain.length;
}

/** Names of the tables of servers that end TLS (`PILOT.md` 1). */
function tls({ table }: ViewpointKey): boolean {
  return table.startsWith('https.');
}

function fitsName(name: string, wanted: string): boolean {
  return wanted.includes('/') ? name === wanted : name.endsWith(`/${wanted}`);
}

const LISTED = 6;

function list(names: readonly string[]): string {
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
  return names.slice(0, LISTED).join(', ') + more;
}
