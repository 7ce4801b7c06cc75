import { defineConfig } from 'vitest/config';

/** What a browser sees: the preview's page alone, and the extension in a real VS Code. Run by `scripts/e2e.mjs`. */
export default defineConfig({
  test: {
    include: ['test/e2e/{preview,editor}/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
