import type { TableHost } from '../table.ts';

/** The virtual host that takes a request, with the domain for which it was chosen. */
export interface ChosenHost {
  readonly host: TableHost;
  readonly domain: string;
  readonly by: 'exact' | 'suffix' | 'prefix' | 'any';
}

/** Istio's route configurations ignore the port of the authority (`ignore_port_in_host_matching`). */
export function withoutPort(authority: string): string {
  return authority.replace(/:\d+$/, '');
}

/**
 * Envoy's choice (`RouteMatcher::findVirtualHost`): the equal domain, else the longest suffix wildcard `*.example.com`,
 * else the longest prefix wildcard `example.*`, else `*`. Letters are compared without case; a wildcard stands for at
 * least one character.
 */
export function chooseHost(hosts: readonly TableHost[], authority: string): ChosenHost | undefined {
  const name = withoutPort(authority).toLowerCase();
  const { exact, wildcards } = domainsOf(hosts);
  const equal = exact.get(name);
  if (equal !== undefined) return { ...equal, by: 'exact' };
  let best: (ChosenHost & { readonly rank: number }) | undefined;
  for (const { host, domain } of wildcards) {
    const found = rankOf(domain.toLowerCase(), name);
    if (found !== undefined && (best === undefined || found.rank > best.rank)) best = { host, domain, ...found };
  }
  return best === undefined ? undefined : { host: best.host, domain: best.domain, by: best.by };
}

type Domain = Pick<ChosenHost, 'host' | 'domain'>;

interface Domains {
  /** By the domain in small letters; of equal ones the first. */
  readonly exact: ReadonlyMap<string, Domain>;
  readonly wildcards: readonly Domain[];
}

const known = new WeakMap<readonly TableHost[], Domains>();

/** The domains of a table's virtual hosts: many requests are asked of one table. */
function domainsOf(hosts: readonly TableHost[]): Domains {
  const found = known.get(hosts);
  if (found !== undefined) return found;
  const exact = new Map<string, Domain>();
  const wildcards: Domain[] = [];
  for (const host of hosts) {
    for (const domain of host.domains) {
      const lower = domain.toLowerCase();
      if (lower.startsWith('*') || lower.endsWith('*')) wildcards.push({ host, domain });
      else if (!exact.has(lower)) exact.set(lower, { host, domain });
    }
  }
  const made = { exact, wildcards };
  known.set(hosts, made);
  return made;
}

/** Ranks grow with precedence; within a kind the longer domain wins. */
const SUFFIX = 2_000_000;
const PREFIX = 1_000_000;

function rankOf(domain: string, name: string): { readonly by: ChosenHost['by']; readonly rank: number } | undefined {
  if (domain === '*') return { by: 'any', rank: 0 };
  if (name.length < domain.length) return undefined;
  if (domain.startsWith('*') && name.endsWith(domain.slice(1))) return { by: 'suffix', rank: SUFFIX + domain.length };
  if (domain.endsWith('*') && name.startsWith(domain.slice(0, -1)))
    return { by: 'prefix', rank: PREFIX + domain.length };
  return undefined;
}
