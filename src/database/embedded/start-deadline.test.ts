import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createStartDeadline } from './start-deadline.ts';

const log = path.join(tmpdir(), `patience-${process.pid}.log`);
writeFileSync(log, 'first line\nlast line\n');
afterAll(() => rmSync(log, { force: true }));

const embedded = {
  dataDir: { root: '/data', cluster: '/data/database', passwordFile: '/data/database-password', log, user: undefined },
  bin: '/bin',
  password: '',
};

function withClock() {
  let now = 0;
  return { patience: createStartDeadline(embedded, () => now), pass: (milliseconds: number) => (now += milliseconds) };
}

test('gives up after 30 seconds without a running database and quotes the log', () => {
  const { patience, pass } = withClock();
  pass(29_999);
  patience.check(false);
  pass(1);
  expect(() => patience.check(false)).toThrow(/didn't start in time.*last line/s);
});

test('waits longer while the database is running and restarts the 30 seconds when it ends', () => {
  const { patience, pass } = withClock();
  for (let seconds = 0; seconds < 200; seconds += 20) {
    patience.check(true);
    pass(20_000);
  }
  patience.check(false);
  pass(10_000);
  expect(() => patience.check(false)).toThrow("didn't start in time");
});

test('gives up after 5 minutes in any case', () => {
  const { patience, pass } = withClock();
  pass(300_000);
  expect(() => patience.check(true)).toThrow("didn't start in time");
});

test('another server gets 1.5 seconds to end', () => {
  const { patience, pass } = withClock();
  patience.rejected('another server');
  pass(1_400);
  patience.rejected('another server');
  patience.rejected('no connection');
  patience.rejected('another server');
  pass(1_499);
  patience.rejected('another server');
  pass(1);
  expect(() => patience.rejected('another server')).toThrow('Another Patient Access server already uses /data');
});
