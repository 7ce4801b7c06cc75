import { allOf, oneOf } from '../rules/words.ts';
import { child, itemsOf, stringOf, type YamlNode } from '../yaml/node.ts';
import { type HoverPoint, mapAround, objectType } from './hover-point.ts';
import { bold, bullets, code, warning } from './markdown.ts';
import { flagOf } from './node-values.ts';

/** On `tls` and on the value of its `mode`: what this block does, with Istio's defaults filled in. */
export function tlsHover(point: HoverPoint): string | undefined {
  const { place, on } = point;
  const type = on === 'key' ? objectType(point) : undefined;
  if (type === 'ServerTLSSettings') return serverText(point, point.value, mapAround(point, 0));
  if (type === 'ClientTLSSettings') return clientText(point.value);
  if (place?.fieldName !== 'mode') return undefined;
  if (place.type === 'ServerTLSSettings') return serverText(point, mapAround(point, 0), mapAround(point, 1));
  return place.type === 'ClientTLSSettings' ? clientText(mapAround(point, 0)) : undefined;
}

const TERMINATING: readonly string[] = ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL'];

/** TLS of a server (`PILOT.md` 5.8, 5.12, 10). */
function serverText(
  { snapshot, resource }: HoverPoint,
  tls: YamlNode | undefined,
  server: YamlNode | undefined,
): string | undefined {
  if (tls === undefined || tls.kind !== 'map') return undefined;
  const protocol = (stringOf(child(child(server, 'port'), 'protocol')) ?? '').toUpperCase();
  const mode = stringOf(child(tls, 'mode')) ?? 'PASSTHROUGH';
  const isGateway = resource.type === 'Gateway';
  if (flagOf(tls, 'httpsRedirect') === true && protocol !== 'HTTPS' && protocol !== 'TLS') {
    return 'Every plain-text request gets a 301 redirect to `https`; no route of this server is used.';
  }
  if (!TERMINATING.includes(mode)) {
    const how =
      mode === 'PASSTHROUGH' && isGateway
        ? [
            '`tls` rules of VirtualServices choose the destination by server name (SNI); their `http` rules are ignored.',
          ]
        : [];
    return bullets([`${bold('Not decrypted')}: the certificate of the service itself reaches the client.`, ...how]);
  }
  const rules = protocol === 'TLS' ? 'tcp' : 'http';
  const namespace = isGateway ? snapshot.settings.mesh.gatewayNamespace : resource.namespace;
  return bullets([
    `${bold('Decrypted')} with ${serverCertificate(tls, mode, namespace)}.`,
    clientCertificate(tls, mode),
    ...(isGateway && protocol !== '' ? [`${code(rules)} rules of VirtualServices apply.`] : []),
  ]);
}

function serverCertificate(tls: YamlNode, mode: string, namespace: string): string {
  if (mode === 'ISTIO_MUTUAL') return 'the certificate that Istio issues to the proxy';
  const names = [child(tls, 'credentialName'), ...itemsOf(child(tls, 'credentialNames'))]
    .map(stringOf)
    .filter(name => name !== undefined);
  if (names.length > 0)
    return `the certificate of the Secret ${allOf(names.map(code))} in the namespace of the gateway pods (${code(namespace)}, as configured)`;
  const file = stringOf(child(tls, 'serverCertificate'));
  return file === undefined
    ? `a certificate that is ${bold('not named')} here, so Istio refuses the server`
    : `the file ${code(file)} of the proxy`;
}

function clientCertificate(tls: YamlNode, mode: string): string {
  switch (mode) {
    case 'SIMPLE':
      return 'Clients show no certificate.';
    case 'ISTIO_MUTUAL':
      return 'Clients have to show a certificate of the mesh: a sidecar or another gateway.';
    default: {
      const must =
        mode === 'MUTUAL' ? `Clients ${bold('have to')} show a certificate` : 'Clients may show a certificate';
      return `${must}; it is checked against ${clientAuthority(tls)}.`;
    }
  }
}

function clientAuthority(tls: YamlNode): string {
  const secret = stringOf(child(tls, 'caCertCredentialName'));
  if (secret !== undefined) return `the CA in the Secret ${code(secret)}`;
  const file = stringOf(child(tls, 'caCertificates'));
  if (file !== undefined) return `the CA in the file ${code(file)}`;
  const credential = stringOf(child(tls, 'credentialName'));
  return credential === undefined
    ? 'a CA that is not named here'
    : `the CA in the same Secret (\`ca.crt\`) or in ${code(`${credential}-cacert`)}`;
}

/** TLS towards a service (`PILOT.md` 8.7; a block without mode is `DISABLE`). */
function clientText(tls: YamlNode | undefined): string | undefined {
  if (tls === undefined || tls.kind !== 'map') return undefined;
  const mode = stringOf(child(tls, 'mode')) ?? 'DISABLE';
  switch (mode) {
    case 'DISABLE':
      return `${child(tls, 'mode') === undefined ? 'There is no `mode`, so traffic' : 'Traffic'} to the service is ${bold('plain text')}; automatic mTLS is off.`;
    case 'ISTIO_MUTUAL':
      return 'Automatic mTLS does the same for services in the mesh, without a `tls` block.';
    case 'SIMPLE':
    case 'MUTUAL':
      return bullets([
        'The proxy starts TLS: clients have to speak plain text to it.',
        serverCheck(tls),
        `Server name (SNI): ${textOf(tls, 'sni', 'the `Host` header of the request')}.`,
        ...(mode === 'MUTUAL' ? [`Its own certificate comes from ${ownCertificate(tls)}.`] : []),
      ]);
    default:
      return undefined;
  }
}

function serverCheck(tls: YamlNode): string {
  if (flagOf(tls, 'insecureSkipVerify') === true)
    return warning('The certificate of the server is **not checked**: anybody on the way can pose as the server.');
  const credential = stringOf(child(tls, 'credentialName'));
  const authority =
    credential === undefined
      ? textOf(tls, 'caCertificates', 'the CAs of the operating system of the proxy')
      : `the CA in the Secret ${code(credential)}`;
  const names = itemsOf(child(tls, 'subjectAltNames'))
    .map(stringOf)
    .filter(name => name !== undefined);
  const unnamed =
    child(tls, 'sni') === undefined
      ? 'is compared with the `Host` header, unless a ServiceEntry names others'
      : `is ${bold('not checked')}, because \`sni\` is set without \`subjectAltNames\``;
  const name = names.length > 0 ? `has to be ${oneOf(names.map(code))}` : unnamed;
  return `The certificate of the server is checked against ${authority}; the name in it ${name}.`;
}

function ownCertificate(tls: YamlNode): string {
  const credential = stringOf(child(tls, 'credentialName'));
  return credential === undefined
    ? textOf(tls, 'clientCertificate', 'a file that is not named here, so Istio refuses the rule')
    : `the Secret ${code(credential)}`;
}

function textOf(node: YamlNode, key: string, fallback: string): string {
  const text = stringOf(child(node, key));
  return text === undefined ? fallback : code(text);
}
