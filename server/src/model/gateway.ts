import type { Located, Span } from '../text/range.ts';
import type { Entry, Reader } from './reader.ts';
import type { Resource } from './resource.ts';

export interface Gateway extends Resource {
  readonly type: 'Gateway';
  /** Empty: every gateway workload. */
  readonly selector: readonly Entry<Located<string>>[];
  readonly selectorAt: Span | undefined;
  readonly servers: readonly Server[];
}

export interface Server {
  readonly at: Span;
  readonly index: number;
  readonly name: Located<string> | undefined;
  readonly bind: Located<string> | undefined;
  readonly hosts: readonly Located<string>[];
  readonly port: ServerPort | undefined;
  readonly tls: ServerTls | undefined;
}

export interface ServerPort {
  readonly at: Span;
  readonly number: Located<number> | undefined;
  readonly name: Located<string> | undefined;
  readonly protocol: Located<string> | undefined;
}

export interface ServerTls {
  readonly at: Span;
  readonly httpsRedirect: Located<boolean> | undefined;
  readonly mode: Located<string> | undefined;
  readonly credentialName: Located<string> | undefined;
  readonly credentialNames: readonly Located<string>[];
  readonly serverCertificate: Located<string> | undefined;
  readonly privateKey: Located<string> | undefined;
  readonly caCertificates: Located<string> | undefined;
  readonly caCertCredentialName: Located<string> | undefined;
  readonly hasTlsCertificates: boolean;
  readonly subjectAltNames: readonly Located<string>[];
  readonly minProtocolVersion: Located<string> | undefined;
  readonly maxProtocolVersion: Located<string> | undefined;
}

export function decodeGateway(resource: Resource, read: Reader): Gateway {
  const { spec } = resource;
  return {
    ...resource,
    type: 'Gateway',
    selector: read.stringMap(spec, 'selector'),
    selectorAt: read.keyAt(spec, 'selector'),
    servers: read.kept(spec, 'servers', (node, at, index) => ({
      at,
      index,
      name: read.string(node, 'name'),
      bind: read.string(node, 'bind'),
      hosts: read.strings(node, 'hosts'),
      port: read.object(node, 'port', (m, mAt) => ({
        at: mAt,
        number: read.number(m, 'number'),
        name: read.string(m, 'name'),
        protocol: read.string(m, 'protocol'),
      })),
      tls: read.object(node, 'tls', (m, mAt) => ({
        at: mAt,
        httpsRedirect: read.boolean(m, 'httpsRedirect'),
        mode: read.string(m, 'mode'),
        credentialName: read.string(m, 'credentialName'),
        credentialNames: read.strings(m, 'credentialNames'),
        serverCertificate: read.string(m, 'serverCertificate'),
        privateKey: read.string(m, 'privateKey'),
        caCertificates: read.string(m, 'caCertificates'),
        caCertCredentialName: read.string(m, 'caCertCredentialName'),
        hasTlsCertificates: read.value(m, 'tlsCertificates') !== undefined,
        subjectAltNames: read.strings(m, 'subjectAltNames'),
        minProtocolVersion: read.string(m, 'minProtocolVersion'),
        maxProtocolVersion: read.string(m, 'maxProtocolVersion'),
      })),
    })),
  };
}
