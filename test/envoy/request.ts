import http2 from 'node:http2';
import { connect } from 'node:net';

/** A request as the cases write it. */
export interface EnvoyRequest {
  readonly method: string;
  readonly host: string;
  /** Path with query, sent as it is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Over HTTP/2: for methods that HTTP/1 refuses. */
  readonly http2?: boolean;
  readonly scheme?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** The client's port, by which the request is known in Envoy's access log. */
  readonly localPort: number;
}

const PATIENCE = 20_000;

/** Sends a request to a port of the loopback interface, each over a connection of its own. */
export function send(port: number, request: EnvoyRequest): Promise<HttpResponse> {
  return request.http2 === true || request.scheme !== undefined ? sendHttp2(port, request) : sendHttp1(port, request);
}

/** Written by hand, so that nothing is added: the headers that reach the upstream are compared. */
function sendHttp1(port: number, { method, host, path, headers = {} }: EnvoyRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    let localPort = 0;
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error(`no answer to ${method} ${host}${path}`)));
    socket.on('error', reject);
    socket.on('data', data => chunks.push(data));
    socket.on('connect', () => {
      localPort = socket.localPort ?? 0;
      const lines = Object.entries({ host, ...headers, connection: 'close' }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`);
    });
    socket.on('end', () => {
      socket.end();
      resolve({ ...parse(Buffer.concat(chunks).toString('utf8')), localPort });
    });
  });
}

function parse(text: string): Omit<HttpResponse, 'localPort'> {
  const end = text.indexOf('\r\n\r\n');
  const [line = '', ...lines] = text.slice(0, Math.max(0, end)).split('\r\n');
  const headers = lines.map((header): [string, string] => {
    const colon = header.indexOf(':');
    return [header.slice(0, colon).toLowerCase(), header.slice(colon + 1).trim()];
  });
  return { status: Number(line.split(' ')[1] ?? 0), headers: new Map(headers), body: text.slice(end + 4) };
}

function sendHttp2(port: number, request: EnvoyRequest): Promise<HttpResponse> {
  const { method, host, path, headers = {}, scheme = 'http' } = request;
  return new Promise((resolve, reject) => {
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.on('error', reject);
    const stream = session.request(
      { ...headers, ':method': method, ':path': path, ':authority': host, ':scheme': scheme },
      { endStream: true },
    );
    let status = 0;
    let body = '';
    let received: ReadonlyMap<string, string> = new Map();
    stream.setEncoding('utf8');
    stream.setTimeout(PATIENCE, () => stream.destroy(new Error(`no answer to ${method} ${host}${path}`)));
    stream.on('error', reject);
    stream.on('response', answer => {
      status = Number(answer[':status'] ?? 0);
      received = new Map(Object.entries(answer).map(([name, value]) => [name, String(value)]));
    });
    stream.on('data', (data: string) => {
      body += data;
    });
    stream.on('end', () => {
      const localPort = session.socket.localPort ?? 0;
      session.close();
      resolve({ status, headers: received, body, localPort });
    });
  });
}
