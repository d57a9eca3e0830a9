import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { startEmbedded } from '../../src/database/index.ts';
import { backedUpDatabase, readNotes, runJson } from '../support/database/embedded-backup.ts';
import { postmasterOf } from '../support/database/folders.ts';
import { runCli } from '../support/servers/command-line.ts';

const database = backedUpDatabase();

/** All files below a folder, with their mode in octal. */
const modesIn = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => [
    name,
    (statSync(path.join(folder, name)).mode & 0o777).toString(8),
  ]);

it('a backup is private, has no key, and says where the key is', () => {
  const { dataDir, backup, printed } = database();
  expect(printed).toMatchObject({ code: 0, answer: { folder: backup, encryption_key: { in_backup: false } } });
  expect(printed.answer.encryption_key.file).toBe(path.join(dataDir, 'encryption-key'));
  const modes = modesIn(backup);
  expect(modes.filter(([, mode]) => mode !== '600' && mode !== '700')).toEqual([]);
  const names = modes.map(([name]) => name);
  expect(names.filter((name) => /encryption-key|postmaster|pg_internal/.test(name))).toEqual([]);
  expect(names.filter((name) => name.startsWith('database/pg_wal/'))).toEqual([
    'database/pg_wal/archive_status',
    'database/pg_wal/summaries',
  ]);
  expect(readdirSync(path.dirname(backup))).toEqual(['monday']);
});

it('a backup isn’t overwritten, and isn’t made inside the data folder', async () => {
  const { dataDir, backup } = database();
  const again = await runJson(['backup', backup], { DATA_DIR: dataDir });
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('exists already') });
  const inside = await runJson(['backup', path.join(dataDir, 'new')], { DATA_DIR: dataDir });
  expect(inside).toMatchObject({ code: 1, err: expect.stringContaining('is in the data folder') });
});

it('a backup is verified, with the times to which it can be restored', async () => {
  const { backup, wal, between } = database();
  const { code, answer } = await runJson(['backup', 'verify', backup], { WAL_ARCHIVE_DIR: wal });
  expect({ code, problems: answer.problems }).toEqual({ code: 0, problems: [] });
  expect(Date.parse(answer.ended_at)).toBeLessThan(between.getTime());
  expect(Date.parse(answer.last_transaction)).toBeGreaterThan(between.getTime());
});

it('a backup is restored to a chosen moment, without later changes', async () => {
  const { backup, wal, between, newPlace } = database();
  const place = newPlace('with the key');
  const settings = { DATA_DIR: place, WAL_ARCHIVE_DIR: wal };
  const { code, out } = await runCli(['restore', backup, '--to', between.toISOString()], settings);
  const lines = out.trim().split('\n');
  expect({ code, first: lines[0], last: lines.at(-1) }).toEqual({
    code: 0,
    first: expect.stringContaining(`Restored ${place} to ${between.toISOString()}`),
    last: 'Before you start the server, run: patient-access after-restore --reapply',
  });
  expect(postmasterOf(place)).toBeUndefined();

  const embedded = await startEmbedded({ dataDir: place, serving: true });
  expect(await readNotes(embedded.connection)).toEqual([1, 2]);
  const running = await runJson(['restore', backup], settings);
  expect(running).toMatchObject({ code: 1, err: expect.stringContaining('is running') });
  await embedded.stop();
  const occupied = await runJson(['restore', backup], settings);
  expect(occupied).toMatchObject({ code: 1, err: expect.stringContaining("isn't empty: it has database") });
});

it('without its key, a backup isn’t restored, and nothing is changed', async () => {
  const { backup, newPlace } = database();
  const place = newPlace('without a key');
  const { code, err } = await runJson(['restore', backup], { DATA_DIR: place });
  expect({ code, exists: existsSync(place) }).toEqual({ code: 1, exists: false });
  expect(err).toContain(`The file ${place}/encryption-key with the encryption key doesn’t exist`);
});

it('a backup isn’t restored to a time that it doesn’t reach', async () => {
  const { backup, dataDir, wal, newPlace } = database();
  const place = newPlace('without a key');
  const key = { ENCRYPTION_KEY_FILE: path.join(dataDir, 'encryption-key') };
  const reasons: Readonly<Record<string, string>> = {
    '2026-01-31T14:05:00Z': 'Choose an earlier backup',
    [new Date().toISOString()]: 'Without --to, everything is restored',
    '2199-01-31 14:05:00+02:00': 'in the future',
    '2026-01-31T14:05:00': 'must be a time with its zone',
  };
  for (const [time, reason] of Object.entries(reasons)) {
    const settings = { DATA_DIR: place, WAL_ARCHIVE_DIR: wal, ...key };
    const { code, err } = await runJson(['restore', backup, '--to', time], settings);
    expect({ time, code, err }).toEqual({ time, code: 1, err: expect.stringContaining(reason) });
  }
  expect(existsSync(place)).toBe(false);
});

it('a backup with changed files is noticed and not restored', async () => {
  const { backup, newPlace } = database();
  const file = path.join(backup, 'database/PG_VERSION');
  const content = readFileSync(file);
  writeFileSync(file, '81\n');
  const place = newPlace('with the key');
  const verified = await runJson(['backup', 'verify', backup], {});
  const restored = await runJson(['restore', backup], { DATA_DIR: place });
  writeFileSync(file, content);
  expect(verified).toMatchObject({ code: 1, answer: { problems: ['The file database/PG_VERSION was changed.'] } });
  expect(restored).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was restored') });
  expect(readdirSync(place)).toEqual(['encryption-key']);
});
