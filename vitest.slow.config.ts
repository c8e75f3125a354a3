import { defineConfig } from 'vitest/config';

/** Simulations that take minutes: `npm run test:slow`. */
export default defineConfig({
  test: {
    include: ['src/**/*.slow.test.ts'],
    globalSetup: ['tools/test-setup.mjs'],
    testTimeout: 900_000,
    maxWorkers: 2,
  },
});
