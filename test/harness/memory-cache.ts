import { createHash } from 'node:crypto';
import type { Cache } from '../../server/src/lsp/runtime.ts';

/** A cache in memory that outlives sessions. */
export class MemoryCache implements Cache {
  readonly kept = new Map<string, string>();
  saves = 0;

  get(text: string): string | undefined {
    return this.kept.get(text);
  }

  put(text: string, conclusion: string): void {
    this.kept.set(text, conclusion);
  }

  hash(text: string): string {
    return createHash('sha256').update(text).digest('base64');
  }

  async save(): Promise<void> {
    this.saves++;
  }

  /** What it holds of whole workspaces. */
  get workspaces(): readonly (readonly [key: string, kept: string])[] {
    return [...this.kept].filter(([key]) => key.startsWith('diagnostics\n'));
  }
}
