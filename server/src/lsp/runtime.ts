import {
  completion,
  definition,
  documentSymbols,
  explainRequest,
  fileFindings,
  foldingRanges,
  hover,
  references,
  routeModel,
  type Schemas,
} from '../analysis.ts';

/**
 * Everything the server needs of the place it runs in. Entry points build one and hand it to `startServer`.
 *
 * This folder converts between the protocol and plain data, schedules work and isolates faults. It decides nothing
 * about Istio, and reaches files, clocks and processes through this interface alone.
 */
export interface Runtime {
  readonly version: string;
  readonly schemas: Schemas;
  readonly files: Files;
  readonly timers: Timers;
  /** Milliseconds since a moment that stays the same; never goes back. */
  now(): number;
  /** Resident memory of the process, in bytes. */
  memory(): number;
  /** The cache in a folder of the disk, which need not exist. Never fails: at worst it is empty. */
  openCache?(folder: string): Promise<Cache>;
  log(level: LogLevel, message: string): void;
  /** The page that explains a rule, as a URI; `undefined` where there is none. */
  rulePage(rule: string): string | undefined;
  /** For tests: answers in the place of the core's. */
  readonly features?: Partial<Features>;
}

export type LogLevel = 'error' | 'warn' | 'info';

export interface Files {
  /**
   * URIs of all YAML files below a folder. What cannot be read is left out; a URI that is no folder has no files.
   *
   * @param ignored tells from a path relative to the folder, with `/`, whether a file or a whole folder is left out
   */
  list(folder: string, ignored: (path: string) => boolean): Promise<readonly string[]>;
  /**
   * The text of a file, without a byte order mark; `undefined` when it is gone, is no file or cannot be read.
   *
   * @param maxSize bytes; of a larger file only the first part is given
   */
  read(uri: string, maxSize: number): Promise<FileContent | undefined>;
}

export type FileContent =
  | { readonly text: string }
  /** Of a file that is too large, with its size in bytes. */
  | { readonly start: string; readonly size: number };

export interface Timers {
  /** Calls once after some milliseconds. */
  after(delay: number, call: () => void): Timer;
  /** Calls once, after messages that have arrived meanwhile. */
  soon(call: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/**
 * What was concluded from texts in earlier sessions, by the same program. It may lose anything at any time, and gives
 * nothing that was not put in.
 */
export interface Cache {
  get(text: string): string | undefined;
  put(text: string, conclusion: string): void;
  /** A short text that stands for a long one: no other text has it. */
  hash(text: string): string;
  /** Keeps for later sessions what was asked for and put in; of the rest as much as it has room for. */
  save(): Promise<void>;
}

/** The core's answers, as the server uses them. */
export interface Features {
  readonly completion: typeof completion;
  readonly definition: typeof definition;
  readonly documentSymbols: typeof documentSymbols;
  readonly explainRequest: typeof explainRequest;
  readonly fileFindings: typeof fileFindings;
  readonly foldingRanges: typeof foldingRanges;
  readonly hover: typeof hover;
  readonly references: typeof references;
  readonly routeModel: typeof routeModel;
}

/** The core's own answers. */
export const FEATURES: Features = {
  completion,
  definition,
  documentSymbols,
  explainRequest,
  fileFindings,
  foldingRanges,
  hover,
  references,
  routeModel,
};
