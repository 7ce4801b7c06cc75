import { type CancellationToken, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { ServerStatus } from '../contract.ts';
import type { LogLevel } from './runtime.ts';

/** Samples that are kept of one method. */
const SAMPLES = 200;
/** Faults that are kept for the status. */
const FAULTS = 20;

/** Takes what goes wrong inside the server: each fault is told once, however often it happens. */
export class Faults {
  readonly #log: (level: LogLevel, message: string) => void;
  readonly #seen = new Set<string>();
  readonly #kept: string[] = [];

  constructor(log: (level: LogLevel, message: string) => void) {
    this.#log = log;
  }

  /** @param where the method or the rule that failed */
  report(where: string, fault: unknown): void {
    const message = fault instanceof Error ? fault.message : String(fault);
    const summary = `${where}: ${message}`;
    if (this.#seen.has(summary)) return;
    this.#seen.add(summary);
    if (this.#kept.push(summary) > FAULTS) this.#kept.shift();
    this.#log('error', `internal fault in ${fault instanceof Error ? `${where}: ${fault.stack ?? message}` : summary}`);
  }

  get summaries(): readonly string[] {
    return this.#kept;
  }
}

/** How long answers took. */
export class Timings {
  readonly #byMethod = new Map<string, { count: number; max: number; readonly last: number[] }>();

  /** @param duration in milliseconds */
  record(method: string, duration: number): void {
    const timing = this.#byMethod.get(method) ?? { count: 0, max: 0, last: [] };
    timing.last[timing.count % SAMPLES] = duration;
    timing.count++;
    timing.max = Math.max(timing.max, duration);
    this.#byMethod.set(method, timing);
  }

  /** Slowest methods first; the median is that of the last answers. */
  report(): ServerStatus['timings'] {
    return [...this.#byMethod]
      .map(([method, { count, max, last }]) => ({ method, count, p50: median(last), max }))
      .sort((a, b) => b.max - a.max);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

export interface GuardOptions {
  readonly faults: Faults;
  readonly timings: Timings;
  readonly now: () => number;
  /** `empty`: a fault gives an empty answer, as an editor asks on its own; `error`: the asker is told. */
  readonly onFault: 'empty' | 'error';
}

/**
 * Wraps the handler of a request: times it, refuses what was canceled before its turn, and turns a fault into the loss
 * of this one answer. Errors of the protocol (`ResponseError`) are answers and pass.
 */
export function guard(
  method: string,
  handler: (params: unknown, token: CancellationToken) => unknown,
  options: GuardOptions,
): (...args: unknown[]) => Promise<unknown> {
  return async (...args) => {
    // The library leaves parameters out that were not sent.
    const token = args.at(-1) as CancellationToken;
    const params = args.length > 1 ? args[0] : undefined;
    if (token.isCancellationRequested) return canceled(method);
    const start = options.now();
    try {
      return (await handler(params, token)) ?? null;
    } catch (fault) {
      if (fault instanceof ResponseError) return fault;
      options.faults.report(method, fault);
      if (options.onFault === 'empty') return null;
      return new ResponseError(ErrorCodes.InternalError, `${method} failed: ${messageOf(fault)}`);
    } finally {
      options.timings.record(method, options.now() - start);
    }
  };
}

/** Wraps the handler of a notification: nobody can be told of a fault, so it is logged. */
export function guardNotification(
  method: string,
  handler: (params: unknown) => unknown,
  { faults, log }: { readonly faults: Faults; readonly log: (level: LogLevel, message: string) => void },
): (params?: unknown) => Promise<void> {
  return async params => {
    try {
      await handler(params);
    } catch (fault) {
      if (fault instanceof ResponseError) log('warn', `${method} is left out: ${fault.message}`);
      else faults.report(method, fault);
    }
  };
}

/** The answer to a request that nobody waits for any more. */
export function canceled(method: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, `${method} was canceled`);
}

/** The answer to a request whose document has changed while it was worked on. */
export function contentModified(method: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.ContentModified, `${method}: the document has changed meanwhile`);
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
