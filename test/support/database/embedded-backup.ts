import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openDatabase, startEmbedded } from '../../../src/database/index.ts';
import { addDataKey } from '../../../src/encryption/data-keys.ts';
import { openEncryptionKey } from '../../../src/encryption/index.ts';
import { until } from '../runs/until.ts';
import { runCli } from '../servers/command-line.ts';
import { copyDataFolders } from './data-folders.ts';
import { makeFolder } from './folders.ts';
import { identities } from './identities.ts';
import { queryValues } from './query.ts';

/** A small embedded database with a backup, and an archive of its WAL since then. */
export interface BackedUpDatabase {
  readonly dataDir: string;
  /** Folder of the archive, with characters that a shell would interpret. */
  readonly wal: string;
  readonly backup: string;
  /** Output of the command that made the backup. */
  readonly printed: Awaited<ReturnType<typeof runJson>>;
  /** A time after the row 2 and before the row 3. The table `note` has the rows 1 to 4, and the first is in the backup. */
  readonly between: Date;
  /** Makes a data folder without a database. */
  newPlace(content: 'with the key' | 'without a key'): string;
}

/** Runs a command with `--json`, and returns its parsed output too. */
export async function runJson(words: readonly string[], settings: Readonly<Record<string, string>>) {
  const ran = await runCli([...words, '--json'], { SANDBOX: 'off', ...settings });
  return { ...ran, answer: ran.out === '' ? undefined : JSON.parse(ran.out) };
}

export const readNotes = (connection: Parameters<typeof queryValues>[0]): Promise<unknown[]> =>
  queryValues(connection, 'select number from note order by number');

/** Makes a database and its backup for the tests of a file. */
export function backedUpDatabase(): () => BackedUpDatabase {
  const newDataFolder = copyDataFolders(identities()[0]);
  const folders: ReturnType<typeof makeFolder>[] = [];
  const newFolder = (): string => {
    const made = makeFolder();
    folders.push(made);
    return made.folder;
  };
  let made: BackedUpDatabase;
  beforeAll(async () => {
    const dataDir = newDataFolder(newFolder());
    const keyFile = path.join(dataDir, 'encryption-key');
    const wal = path.join(newFolder(), "the clinic's 100% archive");
    const backup = path.join(newFolder(), 'monday');
    const embedded = await startEmbedded({ dataDir, serving: true, walArchive: wal });
    const sql = (text: string) => queryValues(embedded.connection, text);
    await runCli(['keys', 'create-encryption', keyFile]);
    await addKey(embedded.connection, dataDir);
    await sql('create table note (number int primary key)');
    await sql('insert into note values (1)');
    const printed = await runJson(['backup', backup], { DATA_DIR: dataDir, WAL_ARCHIVE_DIR: wal });
    await sql('insert into note values (2)');
    const between = new Date(Date.now() + 2);
    await until(() => Date.now() > between.getTime() + 1);
    await sql('insert into note values (3)');
    await sql('select pg_switch_wal()');
    await sql('insert into note values (4)');
    await embedded.stop();
    const newPlace: BackedUpDatabase['newPlace'] = (content) => {
      const place = path.join(newFolder(), 'data');
      if (content === 'without a key') return place;
      mkdirSync(place);
      cpSync(keyFile, path.join(place, 'encryption-key'));
      return place;
    };
    made = { dataDir, wal, backup, printed, between, newPlace };
  });
  afterAll(() => Promise.all(folders.map(({ remove }) => remove())));
  return () => made;
}

/** Adds a data key as the first start does, without the cost of all migrations. */
async function addKey(connection: Parameters<typeof openDatabase>[0], dataDir: string): Promise<void> {
  const db = openDatabase(connection, 1);
  await db.queryText(
    `create table data_key
       (data_key_id int primary key, wrapped bytea not null, wrapped_by text not null, created_at timestamptz not null)`,
    [],
  );
  const key = openEncryptionKey(undefined, dataDir);
  if (key !== undefined) await addDataKey(db, key, 0);
  await db.close();
}
