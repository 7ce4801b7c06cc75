export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Names of what failed, where they are known. */
  readonly failures?: readonly string[];
}

export const NOTHING: Counts;
export function plus(a: Counts, b: Counts): Counts;
export function sentence(counts: Counts): string;
export function summary(counts: Counts): string;
export function unavailable(what: string, number?: number): Counts;
export function vitestCounts(report: string, exitCode: number): Counts;
