/** Host names as Pilot resolves them (`PILOT.md` section 1). */

/**
 * A name without any dot gets the namespace of the resource that contains it; a name with a dot, `*` and an address
 * stay as they are (Istio `ResolveShortnameToFQDN`).
 */
export function resolveHost(host: string, namespace: string, clusterDomain: string): string {
  if (host === '' || host === '*' || host.includes('.') || host.includes(':')) return host;
  return `${host}.${namespace}.svc.${clusterDomain}`;
}

export function serviceHost(name: string, namespace: string, clusterDomain: string): string {
  return `${name}.${namespace}.svc.${clusterDomain}`;
}

/** Name and namespace of a cluster-local host name, `undefined` for any other host. */
export function parseServiceHost(host: string, clusterDomain: string): { name: string; namespace: string } | undefined {
  const suffix = `.svc.${clusterDomain}`;
  if (!host.endsWith(suffix)) return undefined;
  const [name, namespace, ...rest] = host.slice(0, -suffix.length).split('.');
  return name && namespace && rest.length === 0 ? { name, namespace } : undefined;
}

/** `name` → `<namespace>/name`, `./name`, `ns/name`, the old `name.ns…`; `mesh` stays (Istio `resolveGatewayName`). */
export function resolveGatewayName(gateway: string, namespace: string): string {
  if (gateway === 'mesh') return gateway;
  if (gateway.includes('/')) return gateway.startsWith('./') ? namespace + gateway.slice(1) : gateway;
  const [name, oldNamespace] = gateway.split('.');
  return oldNamespace === undefined ? `${namespace}/${gateway}` : `${oldNamespace}/${name ?? ''}`;
}

/** Whether a host falls under a pattern: equal, or below a leading `*`. Both in lower case. */
export function hostMatches(pattern: string, host: string): boolean {
  if (pattern === host || pattern === '*') return true;
  return pattern.startsWith('*') && host.length >= pattern.length && host.endsWith(pattern.slice(1));
}

/** Whether two hosts, either of which may be a wildcard, have a name in common (Istio `host.Name.Matches`). */
export function hostsOverlap(a: string, b: string): boolean {
  if (a.startsWith('*') && b.startsWith('*')) {
    const [x, y] = [a.slice(1), b.slice(1)];
    return x.endsWith(y) || y.endsWith(x);
  }
  return a.startsWith('*') ? hostMatches(a, b) : hostMatches(b, a);
}
