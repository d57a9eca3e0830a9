import { defineConfig } from 'vitest/config';
import { findChromium } from './scripts/chromium.mjs';

const deep = process.env['DEEP'] === '1';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: deep ? [] : ['test/deep/**'],
    globalSetup: 'test/support/postgres.ts',
    env: { CHROMIUM: findChromium() ?? '' },
    pool: 'forks',
    maxWorkers: 2,
    sequence: { seed: 20_260_401 },
    // generous: a slow machine must not look like a fault
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
