import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BENCH_PATHS } from './bench-paths.ts';
import { compareWith } from './compare.ts';
import { findFailures, printComparison } from './report.ts';
import type { Pinning } from './tree-server.ts';

const OPTIONS = {
  against: { type: 'string', default: '' },
  only: { type: 'string', default: BENCH_PATHS.map(({ name }) => name).join(',') },
  connections: { type: 'string', default: '1,16,64' },
  cores: { type: 'string', default: 'one,split' },
  json: { type: 'string' },
} as const;

/**
 * Compares the working tree with a ref, and prints a table.
 * @param args `--against REF`, and options that select a part of the table
 * @returns the exit code: 1 if a path has failed responses, or a page of DSTU2 costs too much
 */
export async function runAgainst(args: readonly string[], seconds: number, rounds: number): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  // Suspended servers wouldn't end by themselves.
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const port = Number(process.env['BENCH_PORT'] ?? 8097);
  const comparison = await compareWith({
    ref: values.against,
    paths: choose('only', values.only, BENCH_PATHS, ({ name }) => name),
    pinnings: choose<Pinning>('cores', values.cores, ['one', 'split'], (name) => name),
    connections: values.connections.split(',').map(toConnections),
    rounds,
    seconds,
    warmUp: Number(process.env['BENCH_WARM_UP'] ?? 20),
    withStarts: values.only === OPTIONS.only.default,
    ports: [port, port + 1],
    stop: stop.signal,
    progress: (text) => process.stderr.write(`${new Date().toLocaleTimeString('en')} ${text}\n`),
  });
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(comparison, undefined, 2));
  printComparison(comparison);
  const failures = findFailures(comparison);
  for (const failure of failures) process.stderr.write(`${failure}\n`);
  return failures.length === 0 ? 0 : 1;
}

function choose<Choice>(
  option: string,
  value: string,
  all: readonly Choice[],
  nameOf: (one: Choice) => string,
): readonly Choice[] {
  return value.split(',').map((name) => {
    const chosen = all.find((one) => nameOf(one) === name);
    if (chosen === undefined) throw new Error(`--${option} takes ${all.map(nameOf).join(', ')}; not ${name}`);
    return chosen;
  });
}

function toConnections(text: string): number {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 64) return Number(text);
  throw new Error('--connections takes numbers from 1 to 64');
}
