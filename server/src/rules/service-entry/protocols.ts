/** Protocols as Istio's validation parses them: case does not matter (Istio `protocol.Parse`). */

const KNOWN: readonly string[] = [
  'tcp',
  'udp',
  'grpc',
  'grpc-web',
  'http',
  'http_proxy',
  'http2',
  'https',
  'tls',
  'mongo',
  'redis',
  'mysql',
];

/** Whether Istio knows a protocol; an empty text stands for none, which is found out at run time. */
export function isProtocol(name: string): boolean {
  return name === '' || KNOWN.includes(name.toLowerCase());
}

/** Requests on the port can be told apart by their host. */
export function isHttp(name: string): boolean {
  return ['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'].includes(name.toLowerCase());
}

/** Connections on the port can be told apart by the server name that they ask for. */
export function isTls(name: string): boolean {
  return ['https', 'tls'].includes(name.toLowerCase());
}

/** Istio's `IsTCP`: everything that is carried as bytes. */
export function isTcp(name: string): boolean {
  return ['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql'].includes(name.toLowerCase());
}
