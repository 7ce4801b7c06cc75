import { defineConfig } from 'vitest/config';

/** What a browser sees: the preview's page alone, and the extension in a real VS Code. Run by `scripts/e2e.mjs`. */
export default defineConfig({
  test: {
    include: ['test/e2e/{preview,editor}/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    // A loaded machine can starve a whole VS Code for seconds: a second try tells that from a fault, and is told.
    retry: 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
