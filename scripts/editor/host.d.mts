export interface HostOptions {
  readonly vsix?: string;
  readonly workspace: string;
  readonly copy?: boolean;
  readonly port?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  readonly log?: (line: string) => void;
}

export interface Host {
  readonly origin: string;
  readonly authority: string;
  readonly folder: string;
  readonly ended: Promise<unknown>;
  window(payload?: readonly (readonly [string, string])[]): string;
  remote(file: string): string;
  stop(): Promise<void>;
}

export function startHost(options: HostOptions): Promise<Host>;
