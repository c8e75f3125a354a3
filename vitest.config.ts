import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/*.slow.test.ts', '**/node_modules/**'],
    // Worker threads load JavaScript, so tests that start one need the sources transpiled first.
    globalSetup: ['tools/test-setup.mjs'],
    // What takes longer says why, beside its own limit.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
