import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,fixtures,lsp,cli,tidy,conformance,syntaxes}/**/*.test.ts'],
    globalSetup: ['test/harness/global-setup.ts'],
    setupFiles: ['test/harness/seed.ts'],
    testTimeout: 30_000,
    maxWorkers: 2,
    isolate: false,
  },
});
