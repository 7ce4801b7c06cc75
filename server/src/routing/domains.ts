import { parseServiceHost } from '../model/host.ts';
import type { MeshService } from './mesh.ts';

/** The names of a service for a client. */
export interface ServiceDomains {
  readonly domains: readonly string[];
  /** The same in lower case, in the same order. */
  readonly lower: readonly string[];
  /** Those that are short forms. */
  readonly short: ReadonlySet<string>;
}

/** The names of a service by client: by its namespace where one of the hosts is there, else one for all. */
interface Kept {
  readonly aliases: readonly string[];
  readonly clusterDomain: string;
  /** Of the hosts. */
  readonly namespaces: ReadonlySet<string>;
  readonly byClient: Map<string, ServiceDomains>;
}

const kept = new WeakMap<MeshService, Kept>();
const OTHERS = '';

/**
 * The names under which a sidecar in a namespace serves a service (`PILOT.md` 4.6, Istio
 * `generateVirtualHostDomains`): the full name, with a final dot, the short forms that resolve from there, addresses.
 * They are made once for all clients in a namespace of one of its hosts, and once for all others.
 *
 * @param aliases hosts of ExternalName services that stand for it: the same list for all clients
 */
export function serviceDomains(
  service: MeshService,
  aliases: readonly string[],
  clientNamespace: string,
  clusterDomain: string,
): ServiceDomains {
  let known = kept.get(service);
  if (known === undefined || known.aliases !== aliases || known.clusterDomain !== clusterDomain) {
    const namespaces = [service.host, ...aliases].map(host => parseServiceHost(host, clusterDomain)?.namespace ?? '');
    known = { aliases, clusterDomain, namespaces: new Set(namespaces), byClient: new Map() };
    kept.set(service, known);
  }
  const client = known.namespaces.has(clientNamespace) ? clientNamespace : OTHERS;
  const found = known.byClient.get(client) ?? makeDomains(service, aliases, client, clusterDomain);
  known.byClient.set(client, found);
  return found;
}

function makeDomains(
  service: MeshService,
  aliases: readonly string[],
  clientNamespace: string,
  clusterDomain: string,
): ServiceDomains {
  const domains: string[] = [];
  const short = new Set<string>();
  for (const host of [service.host, ...aliases]) {
    const alternatives = shortForms(host, clientNamespace, clusterDomain);
    domains.push(host, `${host}.`, ...alternatives);
    for (const form of alternatives) short.add(form);
    short.add(`${host}.`);
  }
  if (service.headless) domains.push(...domains.map(domain => `*.${domain}`));
  domains.push(...service.addresses.filter(address => !address.includes('/')));
  return { domains, lower: domains.map(domain => domain.toLowerCase()), short };
}

function shortForms(host: string, clientNamespace: string, clusterDomain: string): readonly string[] {
  const parsed = parseServiceHost(host, clusterDomain);
  if (parsed === undefined) return [];
  const { name, namespace } = parsed;
  if (namespace === clientNamespace) return [name, `${name}.${namespace}.svc`, `${name}.${namespace}`];
  return [`${name}.${namespace}`, `${name}.${namespace}.svc`];
}
