import { defineConfig } from 'vitest/config';

/** Our route configurations in a real Envoy. Run by `scripts/envoy.mjs`, which sees to it that there is one. */
export default defineConfig({
  test: {
    include: ['test/envoy/*.test.ts'],
    globalSetup: ['test/harness/global-setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
