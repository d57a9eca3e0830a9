import { defineConfig } from 'vitest/config';
import { findChromium } from './scripts/chromium.mjs';
import { LongestFirst } from './test/support/longest-first.ts';

const deep = process.env['DEEP'] === '1';
/** In random order vitest uses a sequencer of its own, and prints the seed. */
const shuffled = process.argv.some((arg) => arg.startsWith('--sequence.shuffle'));
const tests = ['src/**/*.test.ts', 'test/**/*.test.ts'];
/** What runs on the operator's own PostgreSQL too: all that goes through tables, not what starts the embedded one. */
const stored = [
  'test/{oauth,people,enrollment,account,desk,practices,mail,launch,guide,fhir,dstu2,intake,peers,data,database}/**/*.test.ts',
];
const own = process.env['TEST_DATABASE_URL'] ?? '';

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['test/support/cpu-time.ts', 'test/support/seed.ts'],
    exclude: deep ? [] : ['test/deep/**'],
    globalSetup: 'test/support/postgres.ts',
    env: { CHROMIUM: findChromium() ?? '' },
    // what the projects share is merged into each, lists and all
    ...(own === ''
      ? { include: tests }
      : {
          projects: [
            { extends: true, test: { name: 'embedded', include: tests } },
            { extends: true, test: { name: 'TEST_DATABASE_URL', include: stored, env: { TEST_DATABASE: '1' } } },
          ],
        }),
    pool: 'forks',
    // A worker runs many files in one process: to import the server takes longer than most files.
    isolate: false,
    maxWorkers: 2,
    sequence: shuffled ? {} : { sequencer: LongestFirst },
    // generous: a slow machine must not look like a fault
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
