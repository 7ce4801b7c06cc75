/** A mistake that was written on purpose, and must be found. Lines are 1-based. */
export interface Mistake {
  readonly file: string;
  readonly line: number;
  readonly endLine: number;
  readonly code: MistakeCode;
  readonly note: string;
}

export type MistakeCode =
  | 'unknown-field'
  | 'wrong-type'
  | 'unknown-value'
  | 'invalid-regex'
  | 'invalid-duration'
  | 'unreachable-route'
  | 'missing-gateway'
  | 'missing-host'
  | 'missing-subset';

/** An edit in one file that must bring a finding in another one, and take it away when it is undone. */
export interface Probe {
  readonly edit: { readonly file: string; readonly line: number; readonly find: string; readonly replace: string };
  readonly expect: { readonly file: string; readonly line: number };
}

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  /** Holds resources of Istio. */
  readonly isIstio: boolean;
}

export interface Workspace {
  readonly files: readonly GeneratedFile[];
  /** Path of the file to open. */
  readonly main: string;
  readonly mistakes: readonly Mistake[];
  readonly probes: readonly Probe[];
}

/** One file being written. It knows its lines, so that mistakes can point at them. */
export interface FileWriter {
  readonly path: string;
  readonly lineCount: number;
  /** Appends a line at an indentation; returns its number. */
  put(indent: number, text: string): number;
  mistake(code: MistakeCode, line: number, note: string, endLine?: number): void;
}

/** A workspace being written. */
export interface WorkspaceWriter {
  file(path: string, options?: { readonly isIstio: boolean }): FileWriter;
  probe(probe: Probe): void;
  /** Every file so far; the first one is `main`. */
  finish(): Workspace;
}

export function workspaceWriter(): WorkspaceWriter {
  const files: { readonly path: string; readonly lines: string[]; readonly isIstio: boolean }[] = [];
  const mistakes: Mistake[] = [];
  const probes: Probe[] = [];
  return {
    file(path, { isIstio } = { isIstio: true }) {
      const lines: string[] = [];
      files.push({ path, lines, isIstio });
      return {
        path,
        get lineCount() {
          return lines.length;
        },
        put: (indent, text) => lines.push(' '.repeat(indent) + text),
        mistake: (code, line, note, endLine = line) => mistakes.push({ file: path, line, endLine, code, note }),
      };
    },
    probe: probe => probes.push(probe),
    finish: () => ({
      files: files.map(({ path, lines, isIstio }) => ({ path, text: `${lines.join('\n')}\n`, isIstio })),
      main: files[0]?.path ?? '',
      mistakes,
      probes,
    }),
  };
}

export function padded(number: number, width: number): string {
  return String(number).padStart(width, '0');
}
