import type { DestinationRule } from '../model/destination-rule.ts';
import { asMap } from '../model/reader.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { child, itemsOf, resolve } from '../yaml/node.ts';
import { resolvePlain } from '../yaml/scalar.ts';
import { templatesWith } from './destination-rule/templates.ts';
import { addEntry } from './edits.ts';
import { addItem } from './list-edits.ts';
import { addDocument, metadataText } from './new-document.ts';
import type { Fix } from './rule.ts';

/** A text as YAML: bare where it reads as this very text. */
export function yamlText(text: string): string {
  const isBare = /^\w[\w./-]*$/.test(text) && typeof resolvePlain(text) === 'string';
  return isBare ? text : `'${text.replaceAll("'", "''")}'`;
}

/** A name for a manifest, made of a host: its first label for a service, the whole with dashes for another. */
function nameFor(host: string): string {
  const plain = host.replace(/^\*\.?/, '').toLowerCase();
  const name =
    plain.endsWith('.svc.cluster.local') || !plain.includes('.')
      ? (plain.split('.')[0] ?? '')
      : plain.replaceAll('.', '-');
  return name === '' ? 'all' : name;
}

/**
 * Defines a subset that is missing: in the DestinationRule of the host, or in a new one. Its labels are those of the
 * pods of the service whose label has the name of the subset; without such pods nothing is offered.
 */
export function createSubset(vs: VirtualService, host: string, subset: string, snapshot: Snapshot): Fix | undefined {
  const labels = subsetLabels(vs, host, subset, snapshot);
  if (labels === undefined) return undefined;
  const { references } = snapshot;
  const full = references.fullHost(host, vs.namespace).toLowerCase();
  const rules = references
    .rulesFor(host, vs.namespace)
    .filter(rule => references.fullHost(rule.host?.value ?? '', rule.namespace).toLowerCase() === full);
  const entry = `{ name: ${yamlText(subset)}, labels: { ${labels} } }`;
  const [rule] = rules;
  if (rule === undefined) {
    const text = `apiVersion: networking.istio.io/v1
kind: DestinationRule
${metadataText(nameFor(host), vs.namespaceAt === undefined ? undefined : vs.namespace)}
spec:
  host: ${yamlText(host)}
  subsets:
    - name: ${yamlText(subset)}
      labels:
        ${labels}`;
    return { title: `Create a DestinationRule with the subset "${subset}"`, edits: [addDocument(vs.document, text)] };
  }
  const edit = subsetEdit(rule, entry);
  return edit === undefined
    ? undefined
    : { title: `Create the subset "${subset}" in DestinationRule "${rule.name}"`, edits: [edit] };
}

function subsetEdit(rule: DestinationRule, entry: string): Fix['edits'][number] | undefined {
  const list = resolve(child(rule.spec, 'subsets'));
  const last = itemsOf(list).at(-1);
  if (last !== undefined)
    return addItem(rule.document, { anchor: rule.document, start: last.start, end: last.end }, entry);
  const spec = asMap(rule.spec);
  return spec === undefined || list !== undefined ? undefined : addEntry(rule.document, spec, `subsets: [${entry}]`);
}

/** `version: v2`, from the pod templates of the service of a host. */
function subsetLabels(
  vs: VirtualService,
  host: string,
  subset: string,
  { references, index }: Snapshot,
): string | undefined {
  const service = references.host(host, vs.namespace, vs);
  const resource = service.outcome === 'found' ? service.target.resource : undefined;
  if (resource?.type !== 'Service' || resource.selector.length === 0) return undefined;
  const selected = new Set(resource.selector.map(({ key }) => key.value));
  const found = new Set<string>();
  for (const template of templatesWith(index, resource.selector)) {
    for (const { key, value } of template.labels) {
      if (value.value === subset && !selected.has(key.value)) found.add(key.value);
    }
  }
  const [key] = found.has('version') ? ['version'] : [...found];
  return key === undefined ? undefined : `${yamlText(key)}: ${yamlText(subset)}`;
}

/** A Gateway of a name, with the hosts of a VirtualService, served by Istio's own ingress gateway over HTTP. */
export function createGateway(vs: VirtualService, key: string, snapshot: Snapshot): Fix | undefined {
  const slash = key.indexOf('/');
  const [namespace, name] = [key.slice(0, slash), key.slice(slash + 1)];
  const hosts = vs.hosts.map(({ value }) => snapshot.references.fullHost(value, vs.namespace));
  if (hosts.length === 0 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return undefined;
  const isOwn = namespace === vs.namespace;
  const text = `apiVersion: networking.istio.io/v1
kind: Gateway
${metadataText(name, isOwn && vs.namespaceAt === undefined ? undefined : namespace)}
spec:
  selector:
    istio: ingressgateway
  servers:
    - port: { number: 80, name: http, protocol: HTTP }
      hosts: [${hosts.map(host => yamlText(isOwn ? host : `${vs.namespace}/${host}`)).join(', ')}]`;
  return { title: `Create the Gateway "${name}"`, edits: [addDocument(vs.document, text)] };
}

/**
 * A ServiceEntry for a host of the outside world. For a port with TLS to which HTTP routes lead there is also a
 * DestinationRule that starts TLS: the proxy is the one who has to.
 */
export function createServiceEntry(vs: VirtualService, host: string, port: number | undefined): Fix | undefined {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host) || /^[\d.]+$/.test(host)) return undefined;
  const number = port ?? 80;
  const isTls = number === 443 || number === 8443;
  const metadata = metadataText(nameFor(host), vs.namespaceAt === undefined ? undefined : vs.namespace);
  const entry = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
${metadata}
spec:
  hosts: [${yamlText(host)}]
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - { number: ${number}, name: ${isTls ? 'https' : 'http'}, protocol: ${isTls ? 'HTTPS' : 'HTTP'} }`;
  const edits = [addDocument(vs.document, entry)];
  if (isTls && vs.http.length > 0) edits.push(addDocument(vs.document, tlsRule(host, metadata, number)));
  return { title: `Create a ServiceEntry for "${host}"`, edits };
}

/** A DestinationRule that starts TLS on one port. */
function tlsRule(host: string, metadata: string, port: number): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
${metadata}
spec:
  host: ${yamlText(host)}
  trafficPolicy:
    portLevelSettings:
      - port: { number: ${port} }
        tls: { mode: SIMPLE }`;
}

/** A DestinationRule that starts TLS on a port to which plain HTTP is sent. */
export function createTlsRule(vs: VirtualService, host: string, port: number): Fix {
  const metadata = metadataText(`${nameFor(host)}-tls`, vs.namespaceAt === undefined ? undefined : vs.namespace);
  return {
    title: `Create a DestinationRule that starts TLS on port ${port}`,
    edits: [addDocument(vs.document, tlsRule(host, metadata, port))],
  };
}
