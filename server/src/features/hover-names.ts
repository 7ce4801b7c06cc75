import type { Gateway, Server } from '../model/gateway.ts';
import type { Secret } from '../model/kubernetes.ts';
import type { Origin } from '../model/references.ts';
import { keyOf } from '../model/resource.ts';
import type { VirtualService } from '../model/virtual-service.ts';
import { count } from '../rules/words.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { hostHover } from './hover-host.ts';
import type { HoverPoint } from './hover-point.ts';
import { subsetHover } from './hover-subset.ts';
import { blocks, bold, bullets, code, codes, warning } from './markdown.ts';
import { conditionTexts, matchText } from './match-text.ts';
import { type Name, type NamePlace, nameAt, usesOf } from './names.ts';
import { placeText } from './place-text.ts';

const MAX_LINES = 8;

/** On a name that is defined elsewhere, or used elsewhere: what it stands for. */
export function nameHover(point: HoverPoint): string | undefined {
  const { snapshot } = point;
  if (point.on === 'value' && isMesh(point))
    return `${code('mesh')} · all sidecars\n\nNot a Gateway: the rules apply to calls inside the mesh.`;
  const place = point.on === 'item' ? undefined : nameAt(snapshot, point.file, point.fileOffset);
  const name = place?.names[0];
  if (place === undefined || name === undefined) return undefined;
  switch (name.type) {
    case 'host':
      return place.names.length > 1 ? undefined : hostHover(snapshot, place, name.host);
    case 'subset':
      return subsetHover(snapshot, place, name);
    case 'port':
      return portHover(snapshot, place, name);
    case 'gateway':
      return gatewayHover(snapshot, place, name.key);
    case 'virtualService':
      return virtualServiceHover(snapshot, place, name);
    case 'secret':
      return secretHover(snapshot, name.secret);
    case 'label':
      return undefined;
  }
}

function isMesh({ place, value }: HoverPoint): boolean {
  return place?.field?.value === 'gateway' && value?.kind === 'scalar' && value.value === 'mesh';
}

/** A port number of a destination, or of a Service or ServiceEntry. */
function portHover(
  snapshot: Snapshot,
  { origin, resource }: NamePlace,
  name: { host: string; port: number },
): string | undefined {
  const written = origin?.type === 'port' ? origin.host.value : name.host;
  const resolution = snapshot.references.port(written, name.port, resource.namespace, resource);
  switch (resolution.outcome) {
    case 'found': {
      const { name: portName, protocol } = resolution.target;
      const known = protocol === 'unsupported' ? 'protocol found out at run time' : protocol;
      const words = portName === '' ? `Without a name, ${known}` : `Named ${code(portName)}, ${known}`;
      return `${bold(String(name.port))} · port of ${code(name.host)}\n\n${words}`;
    }
    case 'missing': {
      const known = snapshot.references
        .portsOf(written, resource.namespace)
        .map(port => `${port.number} ${port.name}`.trim());
      return blocks([
        `${bold(String(name.port))} · no port of ${code(name.host)}`,
        warning(`Requests sent there get 503. The service has ${codes(known)}.`),
      ]);
    }
    case 'unknowable':
      return undefined;
  }
}

// ---------------------------------------------------------------- gateways

function gatewayHover(snapshot: Snapshot, { origin, resource }: NamePlace, key: string): string | undefined {
  const written = origin?.type === 'gateway' ? origin.at.value : resource.name;
  const resolution = origin === undefined ? undefined : snapshot.references.gateway(written, resource.namespace);
  if (resolution?.outcome === 'missing') {
    return blocks([
      `${code(key)} · Gateway`,
      warning('There is no such Gateway in the workspace: nothing is served on it.'),
    ]);
  }
  const gateway = snapshot.index.gateway(key);
  if (gateway === undefined) return `${code(key)} · Gateway, not in the workspace`;
  const bound = origin === undefined ? snapshot.references.virtualServicesOf(gateway).map(keyOf) : [];
  return blocks([
    `${code(key)} · Gateway${placeText(snapshot, gateway.nameAt)}`,
    serversText(gateway),
    selectorText(gateway),
    bound.length === 0 ? undefined : `VirtualServices bound to it: ${codes(bound)}`,
  ]);
}

function serversText({ servers }: Gateway): string {
  if (servers.length === 0) return 'It has no servers.';
  const lines = servers
    .slice(0, MAX_LINES)
    .map(server => `${serverText(server)}: ${codes(server.hosts.map(({ value }) => value))}`);
  return bullets(servers.length > MAX_LINES ? [...lines, `and ${servers.length - MAX_LINES} more`] : lines);
}

function serverText({ port, tls }: Server): string {
  const words = [code(String(port?.number?.value ?? '?')), port?.protocol?.value ?? ''];
  if (tls?.httpsRedirect?.value === true) words.push('redirects to https');
  else if (tls !== undefined) words.push(`TLS ${tls.mode?.value ?? 'PASSTHROUGH'}`);
  if (tls?.credentialName !== undefined) words.push(`with Secret ${code(tls.credentialName.value)}`);
  return words.filter(word => word !== '').join(' ');
}

function selectorText({ selector }: Gateway): string {
  if (selector.length === 0) return 'Selects every gateway workload, because it has no selector.';
  return `Selects gateway workloads with ${codes(selector.map(({ key, value }) => `${key.value}=${value.value}`))}`;
}

// ---------------------------------------------------------------- delegates

function virtualServiceHover(
  snapshot: Snapshot,
  place: NamePlace,
  name: Extract<Name, { type: 'virtualService' }>,
): string | undefined {
  const { origin, resource } = place;
  if (origin?.type === 'delegate') return delegateHover(snapshot, origin, name.key);
  if (resource.type !== 'VirtualService' || resource.hosts.length > 0) return undefined;
  const roots = usesOf(snapshot, [name]).flatMap(use => {
    const found = snapshot.position(use);
    return found === undefined ? [] : [placeText(snapshot, use).replace(/^ · /, '')];
  });
  return blocks([
    `${code(name.key)} · delegate`,
    roots.length === 0
      ? 'It has no `hosts`, so it takes effect only through `delegate` of another VirtualService, and none in the workspace names it.'
      : `It has no \`hosts\`: its rules stand in the place of ${count(roots.length, 'rule')} that ${roots.length === 1 ? 'names' : 'name'} it: ${roots.join(', ')}`,
  ]);
}

function delegateHover(
  snapshot: Snapshot,
  { at, namespace, resource }: Extract<Origin, { type: 'delegate' }>,
  key: string,
): string {
  const resolution = snapshot.references.delegate(at.value, namespace, resource);
  const head = `${code(key)} · VirtualService`;
  if (resolution.outcome === 'missing')
    return blocks([
      head,
      warning('There is no such VirtualService in the workspace: this rule disappears without an error.'),
    ]);
  if (resolution.outcome === 'unknowable') return `${head}, not in the workspace`;
  const { target } = resolution;
  const faulty =
    target.hosts.length > 0
      ? warning('It has `hosts`, so it cannot be a delegate: this rule disappears without an error.')
      : undefined;
  return blocks([`${head}${placeText(snapshot, target.nameAt)}`, faulty, rulesText(target)]);
}

function rulesText({ http }: VirtualService): string {
  if (http.length === 0) return 'It has no `http` rules.';
  const lines = http
    .slice(0, MAX_LINES)
    .map(
      ({ name, index, match }) =>
        `${code(name?.value || `http[${index}]`)}: ${requestsText(match.map(conditionTexts))}`,
    );
  return blocks([
    'Its rules:',
    bullets(http.length > MAX_LINES ? [...lines, `and ${http.length - MAX_LINES} more`] : lines),
  ]);
}

function requestsText(entries: readonly (readonly string[])[]): string {
  return entries.length === 0 || entries.some(texts => texts.length === 0) ? 'every request' : code(matchText(entries));
}

// ---------------------------------------------------------------- secrets

function secretHover(snapshot: Snapshot, name: string): string | undefined {
  const secrets = snapshot.index.all('Secret').filter(secret => secret.name === name);
  const { gatewayNamespace } = snapshot.settings.mesh;
  const where = `Gateways look for it in the namespace of their pods (${code(gatewayNamespace)}, as configured).`;
  if (secrets.length === 0) return blocks([`${code(name)} · Secret, not in the workspace`, where]);
  return blocks([...secrets.map(secret => secretText(snapshot, secret)), where]);
}

function secretText(snapshot: Snapshot, secret: Secret): string {
  const keys = secret.keys.length === 0 ? '' : `\n\nKeys: ${codes(secret.keys)}`;
  return `${code(keyOf(secret))} · Secret${placeText(snapshot, secret.nameAt)}${keys}`;
}
