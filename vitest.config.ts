import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { findChromium } from './scripts/chromium.mjs';
import { LongestFirst } from './test/support/runs/longest-first.ts';

const deep = process.env['DEEP'] === '1';
/** In random order vitest uses a sequencer of its own, and prints the seed. */
const shuffled = process.argv.some((arg) => arg.startsWith('--sequence.shuffle'));
const tests = ['src/**/*.test.ts', 'test/**/*.test.ts'];
/** What runs on the operator's own PostgreSQL too: all that goes through tables, not what starts the embedded one. */
const stored = [
  'test/{oauth,identity,enrollment,patient-portal,practice-portal,practices,mail,guide,fhir,intake,peers,data,database,jobs}/**/*.test.ts',
];
/** Tests that also run on a cluster, because they use tables. */
const distributed = ['test/!(backup|deep|docs|start-up|support|tooling|validation)/**/*.test.ts'];
/** They assert figures that a busy machine changes: nothing runs beside them. */
const alone = [
  'test/deep/{baseline-cpu,command-start,expensive-searches,failover,feed-turns,noisy-app,polls,read-replica,rolling-upgrade}.test.ts',
];
/** More than cores: a worker often waits for the database or the browser. Three with their browsers and databases take about 4 GB. */
const workers = Math.min(availableParallelism() + 1, 6);
/** A project that runs tests on another PostgreSQL, if the variable has its URL. */
const onOther = (name: string, test: object) =>
  process.env[name] ? [{ extends: true as const, test: { name, env: { TEST_DATABASE: name }, ...test } }] : [];
const projects = [
  { extends: true as const, test: { name: 'embedded', include: tests, exclude: alone } },
  ...onOther('TEST_DATABASE_URL', { include: stored }),
  ...onOther('TEST_CITUS_URL', {
    include: distributed,
    setupFiles: ['test/support/runs/skip-on-cluster.ts'],
    // A page of many searches takes several times as long as on one PostgreSQL.
    testTimeout: 120_000,
  }),
  ...(deep
    ? [{ extends: true as const, test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } } }]
    : []),
];

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['test/support/runs/cpu-time.ts', 'test/support/runs/seed.ts'],
    exclude: deep ? [] : ['test/deep/**'],
    globalSetup: 'test/support/database/postgres.ts',
    env: { CHROMIUM: findChromium() ?? '' },
    // what the projects share is merged into each, lists and all
    ...(projects.length === 1 ? { include: tests } : { projects }),
    pool: 'forks',
    // The server is started with this flag too; see docs/decisions/096-return-freed-memory.md.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // A worker runs many files in one process: to import the server takes longer than most files.
    isolate: false,
    maxWorkers: workers,
    sequence: shuffled ? {} : { sequencer: LongestFirst },
    // The output has one line for each file, with its time. Slow tests would add theirs.
    slowTestThreshold: 600_000,
    // generous: a slow machine must not look like a fault
    testTimeout: 30_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
