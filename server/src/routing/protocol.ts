/** Protocol of a port; `unsupported` is sniffed at run time. */
export type Protocol =
  | 'HTTP'
  | 'HTTP2'
  | 'HTTP_PROXY'
  | 'HTTPS'
  | 'GRPC'
  | 'GRPC-Web'
  | 'TCP'
  | 'TLS'
  | 'UDP'
  | 'Mongo'
  | 'Redis'
  | 'MySQL'
  | 'HBONE'
  | 'unsupported';

const BY_NAME: Readonly<Record<string, Protocol>> = {
  tcp: 'TCP',
  udp: 'UDP',
  grpc: 'GRPC',
  'grpc-web': 'GRPC-Web',
  http: 'HTTP',
  http_proxy: 'HTTP_PROXY',
  http2: 'HTTP2',
  https: 'HTTPS',
  tls: 'TLS',
  mongo: 'Mongo',
  redis: 'Redis',
  mysql: 'MySQL',
  hbone: 'HBONE',
};

const APP_PROTOCOLS: Readonly<Record<string, Protocol>> = {
  'kubernetes.io/h2c': 'HTTP2',
  'kubernetes.io/ws': 'HTTP',
  'kubernetes.io/wss': 'HTTPS',
};

/** Ports whose protocol has the server speak first, so that sniffing would wait for ever. */
const SERVER_FIRST_PORTS: readonly number[] = [25, 53, 3306, 27017];

/** Names that Istio knows as protocols, for completion. */
export const PROTOCOL_NAMES: readonly string[] = [
  'HTTP',
  'HTTPS',
  'HTTP2',
  'GRPC',
  'GRPC-WEB',
  'TCP',
  'TLS',
  'MONGO',
  'REDIS',
  'MYSQL',
];

/** Istio `protocol.Parse`: case does not matter. */
export function parseProtocol(name: string): Protocol {
  return BY_NAME[name.toLowerCase()] ?? 'unsupported';
}

/** The protocol of a Kubernetes Service port (`PILOT.md` 1, Istio `kube.ConvertProtocol`). */
export function portProtocol(port: {
  readonly number: number;
  readonly name: string;
  readonly transport: string;
  readonly appProtocol: string | undefined;
}): Protocol {
  if (port.transport.toUpperCase() === 'UDP') return 'UDP';
  const known = port.appProtocol === undefined ? undefined : APP_PROTOCOLS[port.appProtocol];
  if (known !== undefined) return known;
  const name = port.appProtocol ?? port.name;
  if (/^grpc-web/i.test(name)) return 'GRPC-Web';
  const protocol = parseProtocol(name.split('-', 1)[0] ?? '');
  return protocol === 'unsupported' && SERVER_FIRST_PORTS.includes(port.number) ? 'TCP' : protocol;
}

export function isHttp(protocol: Protocol): boolean {
  return ['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-Web'].includes(protocol);
}

/** HTTP rules apply: the protocol is HTTP, or found out at run time. */
export function mayBeHttp(protocol: Protocol): boolean {
  return isHttp(protocol) || protocol === 'unsupported';
}

export function isTls(protocol: Protocol): boolean {
  return protocol === 'HTTPS' || protocol === 'TLS';
}

export function isTcp(protocol: Protocol): boolean {
  return ['TCP', 'HTTPS', 'TLS', 'Mongo', 'Redis', 'MySQL'].includes(protocol);
}
