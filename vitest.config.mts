import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,fixtures,lsp,cli,tidy,conformance,syntaxes}/**/*.test.ts'],
    globalSetup: ['test/harness/global-setup.ts'],
    setupFiles: ['test/harness/seed.ts'],
    testTimeout: 30_000,
    maxWorkers: 2,
    isolate: false,
    // A machine that others load can starve a server behind its pipes: a second try there is told in the log.
    retry: process.env['CI'] === 'true' ? 1 : 0,
  },
});
