import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, startEmbedded } from '../../src/database/index.ts';
import { addDataKey } from '../../src/encryption/data-keys.ts';
import { openEncryptionKey } from '../../src/encryption/index.ts';
import { copyDataFolders } from '../support/database/data-folders.ts';
import { makeFolder, postmasterOf, temporaryFolder } from '../support/database/folders.ts';
import { identities } from '../support/database/identities.ts';
import { queryValues } from '../support/database/query.ts';
import { until } from '../support/runs/until.ts';
import { runCli } from '../support/servers/command-line.ts';

const [ourselves] = identities();
const newDataFolder = copyDataFolders(ourselves);
const folders: ReturnType<typeof makeFolder>[] = [];
const newFolder = (): string => {
  const made = makeFolder();
  folders.push(made);
  return made.folder;
};
const ROWS = 'select number from note order by number';

/** Runs a command with `--json`, and returns its parsed output too. */
async function run(words: readonly string[], settings: Readonly<Record<string, string>>) {
  const ran = await runCli([...words, '--json'], { SANDBOX: 'off', ...settings });
  return { ...ran, answer: ran.out === '' ? undefined : JSON.parse(ran.out) };
}

/** All files below a folder, with their mode in octal. */
const modesIn = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => [
    name,
    (statSync(path.join(folder, name)).mode & 0o777).toString(8),
  ]);

// The tests keep their order: they share one backup and its archive.
describe('a backup of the embedded database', { shuffle: false }, () => {
  let dataDir: string;
  let wal: string;
  let backup: string;
  let backedUp: Awaited<ReturnType<typeof run>>;
  /** A time after the row 2 and before the row 3. */
  let between: Date;

  beforeAll(async () => {
    dataDir = newDataFolder(newFolder());
    wal = path.join(newFolder(), "the clinic's 100% archive");
    backup = path.join(newFolder(), 'monday');
    const settings = { DATA_DIR: dataDir, WAL_ARCHIVE_DIR: wal };
    const embedded = await startEmbedded({ dataDir, serving: true, walArchive: wal });
    const sql = (text: string) => queryValues(embedded.connection, text);
    await runCli(['migrate'], { ...settings, SANDBOX: 'off' });
    await addKey(dataDir, embedded.connection);
    await sql('create table note (number int primary key)');
    await sql('insert into note values (1)');
    backedUp = await run(['backup', backup], settings);
    await sql('insert into note values (2)');
    between = new Date(Date.now() + 2);
    await until(() => Date.now() > between.getTime() + 1);
    await sql('insert into note values (3)');
    await sql('select pg_switch_wal()');
    await sql('insert into note values (4)');
    await embedded.stop();
  });
  afterAll(() => Promise.all(folders.map(({ remove }) => remove())));

  async function addKey(folder: string, connection: Parameters<typeof openDatabase>[0]): Promise<void> {
    await runCli(['keys', 'create-encryption', path.join(folder, 'encryption-key')]);
    const db = openDatabase(connection, 1);
    const key = openEncryptionKey(undefined, folder);
    if (key !== undefined) await addDataKey(db, key, 0);
    await db.close();
  }

  /** A data folder without a database, but with the key. */
  function newPlace(hasKey = true): string {
    const place = path.join(newFolder(), 'data');
    mkdirSync(place);
    if (hasKey) cpSync(path.join(dataDir, 'encryption-key'), path.join(place, 'encryption-key'));
    return place;
  }

  it('is private, has no key, and says where the key is', () => {
    expect(backedUp).toMatchObject({ code: 0, answer: { folder: backup, encryption_key: { in_backup: false } } });
    expect(backedUp.answer.encryption_key.file).toBe(path.join(dataDir, 'encryption-key'));
    const modes = modesIn(backup);
    expect(modes.filter(([, mode]) => mode !== '600' && mode !== '700')).toEqual([]);
    const names = modes.map(([name]) => name);
    expect(names).not.toContainEqual(expect.stringContaining('encryption-key'));
    expect(names).not.toContainEqual(expect.stringContaining('postmaster'));
    expect(names.filter((name) => name.startsWith('database/pg_wal/'))).toEqual([
      'database/pg_wal/archive_status',
      'database/pg_wal/summaries',
    ]);
    expect(readdirSync(path.dirname(backup))).toEqual(['monday']);
  });

  it('isn’t overwritten', async () => {
    expect(await run(['backup', backup], { DATA_DIR: dataDir })).toMatchObject({
      code: 1,
      err: expect.stringContaining('exists already'),
    });
  });

  it('is verified, with the times to which it can be restored', async () => {
    const { code, answer } = await run(['backup', 'verify', backup], { WAL_ARCHIVE_DIR: wal });
    expect({ code, problems: answer.problems }).toEqual({ code: 0, problems: [] });
    expect(Date.parse(answer.ended_at)).toBeLessThan(between.getTime());
    expect(Date.parse(answer.last_transaction)).toBeGreaterThan(between.getTime());
  });

  it('isn’t restored beyond a WAL file that is missing or damaged', async () => {
    const [folder = ''] = readdirSync(wal).map((name) => path.join(wal, name));
    // A restore begins with the WAL of the backup itself.
    const own = readdirSync(path.join(backup, 'wal')).at(-1) ?? '';
    const [first = ''] = readdirSync(folder)
      .filter((name) => /^[0-9A-F]{24}\.gz$/.test(name) && name > `${own}.gz`)
      .sort();
    const [file, aside] = [path.join(folder, first), path.join(folder, 'aside')];
    const content = readFileSync(file);
    const verify = async () => (await run(['backup', 'verify', backup], { WAL_ARCHIVE_DIR: wal })).answer.problems;
    renameSync(file, aside);
    const missing = await verify();
    writeFileSync(file, content.subarray(0, content.length / 2));
    const damaged = await verify();
    const place = newPlace();
    const restored = await run(['restore', backup], { DATA_DIR: place, WAL_ARCHIVE_DIR: wal });
    renameSync(aside, file);
    const name = first.replace('.gz', '');
    expect(missing).toEqual([`The WAL file ${name} is missing, but later ones are there.`]);
    expect(damaged).toEqual([`The WAL file ${name} is damaged.`]);
    expect(restored).toMatchObject({ code: 1, err: expect.stringContaining('is damaged') });
    expect(readdirSync(place)).toEqual(['encryption-key']);
  });

  it('is restored to a chosen moment, without later changes', async () => {
    const place = newPlace();
    const settings = { DATA_DIR: place, WAL_ARCHIVE_DIR: wal };
    const restored = await run(['restore', backup, '--to', between.toISOString()], settings);
    expect(restored).toMatchObject({ code: 0, answer: { data_dir: place, timeline: 2 } });
    expect(Date.parse(restored.answer.last_transaction)).toBeLessThanOrEqual(between.getTime());
    expect(postmasterOf(place)).toBeUndefined();

    const embedded = await startEmbedded({ dataDir: place, serving: true, walArchive: wal });
    expect(await queryValues(embedded.connection, ROWS)).toEqual([1, 2]);
    expect(await run(['restore', backup], settings)).toMatchObject({
      code: 1,
      err: expect.stringContaining('is running'),
    });
    await queryValues(embedded.connection, 'insert into note values (5)');
    await embedded.stop();
    expect(await run(['restore', backup], settings)).toMatchObject({
      code: 1,
      err: expect.stringContaining("isn't empty: it has database"),
    });
  });

  it('is restored to its last transaction, also after an earlier restore', async () => {
    const place = newPlace();
    const { code, out } = await runCli(['restore', backup], { DATA_DIR: place, WAL_ARCHIVE_DIR: wal });
    expect({ code, last: out.trim().split('\n').at(-1) }).toEqual({
      code: 0,
      last: 'Before you start the server, run: patient-access doctor',
    });
    const embedded = await startEmbedded({ dataDir: place, serving: true });
    expect(await queryValues(embedded.connection, ROWS)).toEqual([1, 2, 5]);
    await embedded.stop();
  });

  it('isn’t restored without its key, and nothing is changed', async () => {
    const place = path.join(newFolder(), 'data');
    const { code, err } = await run(['restore', backup], { DATA_DIR: place });
    expect({ code, exists: existsSync(place) }).toEqual({ code: 1, exists: false });
    expect(err).toContain(`The file ${place}/encryption-key with the encryption key doesn’t exist`);
  });

  it('isn’t restored to a time that it doesn’t reach', async () => {
    const place = path.join(newFolder(), 'data');
    const settings = {
      DATA_DIR: place,
      WAL_ARCHIVE_DIR: wal,
      ENCRYPTION_KEY_FILE: path.join(dataDir, 'encryption-key'),
    };
    const reasons: Readonly<Record<string, string>> = {
      '2026-01-31T14:05:00Z': 'Choose an earlier backup',
      [new Date().toISOString()]: 'Without --to, everything is restored',
      '2199-01-31 14:05:00+02:00': 'in the future',
      '2026-01-31T14:05:00': 'must be a time with its zone',
    };
    for (const [time, reason] of Object.entries(reasons)) {
      const { code, err } = await run(['restore', backup, '--to', time], settings);
      expect({ time, code, err }).toEqual({ time, code: 1, err: expect.stringContaining(reason) });
    }
    expect(existsSync(place)).toBe(false);
  });

  it('isn’t restored from changed files', async () => {
    const copy = path.join(temporaryFolder(), 'copy');
    cpSync(backup, copy, { recursive: true });
    const changed = path.join(copy, 'database/PG_VERSION');
    writeFileSync(changed, '81\n');
    const verified = await run(['backup', 'verify', copy], {});
    expect({ code: verified.code, problems: verified.answer.problems }).toEqual({
      code: 1,
      problems: ['The file database/PG_VERSION was changed.'],
    });
    const place = newPlace();
    const { code, err } = await run(['restore', copy], { DATA_DIR: place });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('Nothing was restored') });
    expect(readdirSync(place)).toEqual(['encryption-key']);
    writeFileSync(path.join(copy, 'manifest.json'), '{}');
    expect(await run(['restore', copy], { DATA_DIR: place })).toMatchObject({
      code: 1,
      err: expect.stringContaining('is damaged'),
    });
  });

  it('is deleted when newer ones suffice, with the WAL that no other one needs', async () => {
    const parent = path.dirname(backup);
    cpSync(backup, path.join(parent, 'copy'), { recursive: true });
    const pruned = await run(['backup', 'prune', parent, '--keep', '1'], { WAL_ARCHIVE_DIR: wal });
    expect(pruned).toMatchObject({ code: 0, answer: { kept: [expect.any(String)], removed: [expect.any(String)] } });
    const [left = ''] = readdirSync(parent);
    const verified = await run(['backup', 'verify', path.join(parent, left)], { WAL_ARCHIVE_DIR: wal });
    expect(verified.answer.problems).toEqual([]);
    const [folder = ''] = readdirSync(wal).map((name) => path.join(wal, name));
    const oldest = readdirSync(path.join(parent, left, 'wal')).sort()[0] ?? '';
    const segments = readdirSync(folder).filter((name) => /^[0-9A-F]{24}/.test(name));
    expect(segments.filter((name) => name.slice(8) < oldest.slice(8))).toEqual([]);
    expect(pruned.answer.wal_files).toBeGreaterThan(0);
  });
});
