import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** What came out of Envoy, byte by byte. */
export interface Echo {
  readonly cluster: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
}

/**
 * Upstreams that answer with what they were asked and with the cluster they stand for: one port of the loopback
 * interface for each cluster. They read the wire themselves, since Node's own server knows only the usual methods.
 */
export class EchoServers {
  readonly #servers: readonly Server[];
  /** Ports by cluster. */
  readonly ports: ReadonlyMap<string, number>;

  private constructor(servers: readonly Server[], ports: ReadonlyMap<string, number>) {
    this.#servers = servers;
    this.ports = ports;
  }

  static async start(clusters: readonly string[]): Promise<EchoServers> {
    const servers = clusters.map(cluster => createServer(socket => answer(socket, cluster)));
    const ports = await Promise.all(servers.map(listen));
    return new EchoServers(servers, new Map(clusters.map((cluster, i) => [cluster, ports[i] ?? 0])));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map(server => new Promise(resolve => server.close(resolve))));
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function answer(socket: Socket, cluster: string): void {
  let head = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', data => {
    head += data.toString('utf8');
    const end = head.indexOf('\r\n\r\n');
    if (end < 0 || socket.writableEnded) return;
    const [line = '', ...lines] = head.slice(0, end).split('\r\n');
    const [method = '', path = ''] = line.split(' ');
    const headers = lines.map((text): [string, string] => {
      const colon = text.indexOf(':');
      return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()];
    });
    const echo: Echo = { cluster, method, path, headers };
    const body = Buffer.from(JSON.stringify(echo));
    socket.end(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
  });
}
