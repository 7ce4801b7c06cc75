import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

const STARTING = 60_000;
const LOGGING = 10_000;

/** A line of the access log of `bootstrap.ts`. */
export interface AccessLine {
  readonly table: string;
  readonly peer: string;
  readonly route: { readonly virtualHost: string; readonly index: number } | null;
  readonly cluster: string | null;
  readonly flags: string | null;
}

/** A running Envoy; it is ended by its own process id, also when this program ends without asking for it. */
export class EnvoyProcess {
  readonly #child: ChildProcess;
  readonly #lines = new Map<string, AccessLine>();
  readonly #waiting = new Map<string, (line: AccessLine) => void>();
  #errors = '';
  #admin = '';

  /** Starts the program with a bootstrap file and waits until its listeners stand or were refused. */
  static async start(program: string, bootstrap: string): Promise<EnvoyProcess> {
    const admin = path.join(path.dirname(bootstrap), 'admin.txt');
    const own = new EnvoyProcess(program, ['-c', bootstrap, '--admin-address-path', admin]);
    try {
      await own.#ready(admin);
    } catch (error) {
      await own.stop();
      throw error;
    }
    return own;
  }

  private constructor(program: string, args: readonly string[]) {
    const common = ['--disable-hot-restart', '--concurrency', '1', '--log-level', 'warning'];
    this.#child = spawn(program, [...args, ...common, '--file-flush-interval-msec', '5'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    process.once('exit', this.#kill);
    this.#child.once('exit', () => process.off('exit', this.#kill));
    this.#child.once('error', error => {
      this.#errors += String(error);
    });
    this.#child.stderr?.on('data', data => {
      this.#errors += String(data);
    });
    if (this.#child.stdout !== null) createInterface(this.#child.stdout).on('line', line => this.#log(line));
  }

  /** An answer of the administration interface. */
  async admin(request: string): Promise<string> {
    return (await fetch(`http://${this.#admin}${request}`)).text();
  }

  /** What the access log says of the request that came to a table from a port. */
  line(table: string, localPort: number): Promise<AccessLine> {
    const key = `${table} 127.0.0.1:${localPort}`;
    const there = this.#lines.get(key);
    this.#lines.delete(key);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no line in the access log of ${key}`)), LOGGING);
      this.#waiting.set(key, line => {
        clearTimeout(timer);
        resolve(line);
      });
    });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const gone = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  readonly #kill = (): void => {
    this.#child.kill('SIGKILL');
  };

  #log(text: string): void {
    if (!text.startsWith('{')) return;
    const line = JSON.parse(text) as AccessLine;
    const key = `${line.table} ${line.peer}`;
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (waiting === undefined) this.#lines.set(key, line);
    else waiting(line);
  }

  async #ready(adminFile: string): Promise<void> {
    const until = Date.now() + STARTING;
    while (Date.now() < until) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) break;
      if (existsSync(adminFile)) this.#admin = readFileSync(adminFile, 'utf8').trim();
      if (this.#admin !== '' && (await this.admin('/ready').catch(() => '')).startsWith('LIVE')) return;
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    throw new Error(`Envoy does not start:\n${this.#errors.slice(-4000)}`);
  }
}
