import { defineConfig } from 'vitest/config';

/** The suffix of a test file says what it needs: nothing, PostgreSQL, whole processes over HTTP, or a browser. */
const needs = ['pg', 'sim', 'e2e'];

export default defineConfig({
  // Vite would take the package's `module` file, Node takes `index.js`: two copies of graphql do not know each other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    // Whole processes wait for each other most of the time: on two cores four files at once keep both of them busy.
    maxWorkers: 4,
    // A limit ends what hangs; it is no measure of speed, which a busy machine does not have.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['server/test/**/*.test.ts', 'web/src/**/*.test.ts'],
          exclude: needs.map((suffix) => `**/*.${suffix}.test.ts`),
        },
      },
      {
        extends: true,
        test: {
          name: 'pg',
          include: ['server/test/**/*.pg.test.ts'],
          globalSetup: 'server/test/postgres-server.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'sim',
          include: ['server/test/**/*.sim.test.ts'],
          globalSetup: 'server/test/postgres-server.ts',
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['server/test/**/*.e2e.test.ts'],
          globalSetup: 'server/test/postgres-server.ts',
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // A product with its browser keeps nearly two cores busy; by themselves, and last.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
