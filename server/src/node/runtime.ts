import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Runtime } from '../lsp/runtime.ts';
import { DiskCache } from './cache.ts';
import { diskFiles } from './files.ts';
import { loadSchemas, schemaFiles } from './schemas.ts';

export interface NodeRuntimeOptions {
  readonly version: string;
  /** The file of this program: a cache belongs to its content. */
  readonly program: string;
  /** Folder of the built schema data. */
  readonly data: string;
  /** Folder of the pages that explain the rules; it need not exist. */
  readonly rulePages: string;
  readonly log: Runtime['log'];
}

/** The server's surroundings in a Node process. */
export function nodeRuntime({ version, program, data, rulePages, log }: NodeRuntimeOptions): Runtime {
  const hasPages = existsSync(rulePages);
  const pages = new Map<string, string>();
  return {
    version,
    log,
    schemas: loadSchemas(data),
    files: diskFiles,
    timers: {
      after(delay, call) {
        const timer = setTimeout(call, delay);
        return { cancel: () => clearTimeout(timer) };
      },
      soon(call) {
        const timer = setImmediate(call);
        return { cancel: () => clearImmediate(timer) };
      },
    },
    now: () => performance.now(),
    openCache: folder => DiskCache.open(folder, [program, ...schemaFiles(data)]),
    memory: () => process.memoryUsage.rss(),
    rulePage(rule) {
      if (!hasPages) return undefined;
      const known = pages.get(rule) ?? pathToFileURL(path.join(rulePages, `${rule}.md`)).href;
      pages.set(rule, known);
      return known;
    },
  };
}
