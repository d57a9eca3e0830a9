import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { R4, TOKEN_PATH } from '../../bench/against/api-paths.ts';
import { type Database, openDatabase, startEmbedded } from '../../src/database/index.ts';
import { hiddenFields, textOf, textsOf } from '../support/browser/html.ts';
import { missingForBackups, startBackedUp } from '../support/database/backed-up.ts';
import { makeFolder } from '../support/database/folders.ts';
import { queryValues } from '../support/database/query.ts';
import { startReplicated } from '../support/database/replicated.ts';
import { findPrivateKeys, formsOf, readSecretTables } from '../support/database/stolen-database.ts';
import { authenticatorCode } from '../support/people/account-security.ts';
import { until } from '../support/runs/until.ts';
import { runCli } from '../support/servers/command-line.ts';
import { addCliApp } from '../support/servers/installation.ts';
import { browserAt, connectOverHttp, type HttpBrowser, signInOverHttp } from '../support/servers/over-http.ts';
import { bundledServer, freePort, startServerProcess } from '../support/servers/processes.ts';

const SECURITY = '/account/security';
const FAMILY = 'Quillfeather';
const NEW_EMAIL = 'quill@example.com';

type Settings = Readonly<Record<string, string>>;

/** The loot of someone who stole a copy of the database. */
interface Loot {
  /** Folders with all its files. */
  readonly folders: readonly string[];
  /** The database, opened from the copy. */
  readonly db: Database;
}

interface Installation {
  readonly settings: Settings;
  /** Takes a copy, while the server runs. */
  steal(): Promise<Loot>;
  close(): Promise<void>;
}

/** An installation with the embedded database. The thief has a backup and the WAL since then, but not the key. */
async function withBackup(place: (name: string) => string): Promise<Installation> {
  const settings = { DATA_DIR: place('data'), WAL_ARCHIVE_DIR: place('wal'), SANDBOX: 'on' };
  const closing: (() => Promise<void>)[] = [];
  return {
    settings,
    async steal() {
      await run(settings, 'backup', place('backup'));
      // Changes after the backup are in the WAL only.
      await run(settings, 'practices', 'set', 'Live practice', '--phone', '+1 555 0100');
      const embedded = await startEmbedded({ dataDir: settings.DATA_DIR, serving: false });
      await queryValues(embedded.connection, 'select pg_switch_wal()');
      await until(() => readdirSync(place('wal'), { recursive: true }).some((name) => String(name).endsWith('.gz')));
      await embedded.stop();
      // Plain PostgreSQL starts with the files of a backup. The command only does it with the key.
      const restored = { ...settings, DATA_DIR: place('restored') };
      const refused = await runCli(['restore', place('backup')], restored);
      expect({ code: refused.code, err: refused.err }).toEqual({ code: 1, err: expect.stringContaining('key') });
      mkdirSync(place('restored'), { mode: 0o711 });
      cpSync(path.join(settings.DATA_DIR, 'encryption-key'), path.join(place('restored'), 'encryption-key'));
      await run(restored, 'restore', place('backup'));
      const copy = await startEmbedded({ dataDir: place('restored'), serving: true });
      const db = openDatabase(copy.connection, 2);
      closing.push(async () => {
        await db.close();
        await copy.stop();
      });
      return { folders: [place('backup'), place('wal')], db };
    },
    async close() {
      for (const close of closing) await close();
    },
  };
}

/** An installation with a streaming standby, of which the thief has the data folder. */
async function withStandby(place: (name: string) => string): Promise<Installation> {
  const database = await startReplicated();
  const settings = { DATABASE_URL: database.primaryUrl, ENCRYPTION_KEY_FILE: place('key'), SANDBOX: 'on' };
  await runCli(['keys', 'create-encryption', place('key')]);
  await run(settings, 'sandbox', 'fill');
  let db: Database | undefined;
  return {
    settings,
    async steal() {
      await queryValues({ connectionString: database.primaryUrl }, 'checkpoint');
      db = openDatabase({ connectionString: database.standbyUrl }, 2);
      return { folders: [database.standbyFolder], db };
    },
    async close() {
      await db?.close();
      await database.close();
    },
  };
}

/** An installation with a PostgreSQL of Debian. The thief has a dump, and restores it into a database of their own. */
async function withDump(place: (name: string) => string): Promise<Installation> {
  const database = await startBackedUp();
  const settings = { DATABASE_URL: database.url, ENCRYPTION_KEY_FILE: place('key'), SANDBOX: 'on' };
  await runCli(['keys', 'create-encryption', place('key')]);
  await run(settings, 'sandbox', 'fill');
  const restored = new URL(database.url);
  restored.pathname = '/stolen';
  let db: Database | undefined;
  return {
    settings,
    async steal() {
      mkdirSync(place('dump'));
      const file = path.join(place('dump'), 'records.sql');
      execFileSync(path.join(database.bin, 'pg_dump'), ['--format=plain', `--file=${file}`, database.url]);
      await queryValues({ connectionString: database.url }, 'create database stolen');
      execFileSync(path.join(database.bin, 'psql'), [
        '--quiet',
        '--set=ON_ERROR_STOP=1',
        `--file=${file}`,
        '--output=/dev/null',
        restored.href,
      ]);
      db = openDatabase({ connectionString: restored.href }, 2);
      return { folders: [place('dump')], db };
    },
    async close() {
      await db?.close();
      await database.close();
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects by what it compares
async function run(settings: Settings, ...words: readonly string[]): Promise<any> {
  const { code, out, err } = await runCli([...words, '--json'], settings);
  if (code !== 0) throw new Error(`${words.join(' ')}: ${err}`);
  return JSON.parse(out);
}

const submit = async (browser: HttpBrowser, page: string, fields: Record<string, string> = {}) => {
  const form = hiddenFields(await browser(page), `form[action="${page}"]`);
  return browser(page, new URLSearchParams({ ...form, ...fields }));
};

/** Values that open something, by what they are. */
type Secrets = Readonly<Record<string, string>>;

/** A patient with a second factor, recovery codes, an app and an email that waits. @returns what the person and the app have */
async function makeSecrets(origin: string, settings: Settings, folder: string): Promise<Secrets> {
  const patient = { resourceType: 'Patient', id: 'p', name: [{ family: FAMILY }], gender: 'female' };
  const file = path.join(folder, 'patient.ndjson');
  writeFileSync(file, JSON.stringify(patient));
  await run(settings, 'load', file, '--practice', 'Live practice');
  const list: { id: string; name: string }[] = await run(settings, 'patients', 'list');
  const { id = '' } = list.find(({ name }) => name.includes(FAMILY)) ?? {};
  const { password } = await run(settings, 'patients', 'add', id, '--username', 'quill');
  const app = await addCliApp(settings, ['--active']);
  const tokens = await connectOverHttp(origin, app, { username: 'quill', password });
  const browser = browserAt(origin);
  const signedIn = await signInOverHttp(browser, '/sign-in', { username: 'quill', password });
  const cookie = signedIn.headers.getSetCookie().find((line) => line.startsWith('session=')) ?? '';
  const page = await browser(`${SECURITY}/authenticator-app`);
  const authenticator = textOf(page, 'code.typed').replaceAll(' ', '');
  const code = authenticatorCode(authenticator, { clock: { now: () => new Date(), advance() {} } });
  await submit(browser, `${SECURITY}/authenticator-app`, { code });
  const codes = textsOf(await submit(browser, `${SECURITY}/recovery-codes`), 'li > code.typed');
  await submit(browser, `${SECURITY}/email`, { email: NEW_EMAIL });
  const { link } = await run(settings, 'accounts', 'lost-factor', 'quill', '--proofing', 'Photo ID');
  return {
    password,
    'session cookie': cookie.split(';')[0]?.slice('session='.length) ?? '',
    'access token': tokens.access_token.split('.').at(-1) ?? '',
    'refresh token': tokens.refresh_token.split('.').at(-1) ?? '',
    'client secret': app.client_secret,
    'authenticator key': authenticator,
    'recovery code': codes[0] ?? '',
    'recovery code without dash': (codes[0] ?? '').replace('-', ''),
    'one-time link': new URL(link).pathname.split('/').at(-1) ?? '',
    'link in an email that waits': `${origin}/confirm-email/`,
  };
}

/** Forms in which a value could be in a file: as text, and its bytes. */
const bytesOf = (value: string): readonly Buffer[] => {
  const decoded = /^[\w-]{43}$/.test(value) ? [Buffer.from(value, 'base64url')] : [];
  return [Buffer.from(value), ...decoded, ...decoded.flatMap((one) => formsOf(one).map((form) => Buffer.from(form)))];
};

/** Searches all files of folders, also compressed ones. @returns names of the values that a file contains */
function findInFiles(folders: readonly string[], values: Secrets): readonly string[] {
  const found = new Set<string>();
  for (const folder of folders)
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const content = readFileSync(path.join(entry.parentPath, entry.name));
      const bytes = entry.name.endsWith('.gz') ? gunzipSync(content) : content;
      for (const [name, value] of Object.entries(values))
        if (bytesOf(value).some((form) => bytes.includes(form))) found.add(name);
    }
  return [...found];
}

const BYTE_COLUMNS = `select table_name || '.' || column_name from information_schema.columns
  where table_schema = 'public' and data_type = 'bytea' and table_name not in ('resource', 'document', 'export_chunk')`;

/** Returns all values of 32 bytes, such as hashes of tokens, as texts that could be tokens. */
async function listHashes(db: Database): Promise<readonly string[]> {
  const hashes = new Set<string>();
  const columns = await db.queryText<Record<string, string>>(BYTE_COLUMNS, []);
  for (const row of columns) {
    const [table, column] = (Object.values(row)[0] ?? '').split('.');
    const sql = `select ${column} as bytes from ${table} where octet_length(${column}) = 32 limit 200`;
    for (const { bytes } of await db.queryText<{ bytes: Buffer }>(sql, [])) hashes.add(bytes.toString('base64url'));
  }
  return [...hashes];
}

const missingForDump = missingForBackups();

for (const [title, install, missing] of [
  ['a backup and the archive of the WAL', withBackup, undefined],
  ['the data folder of a standby', withStandby, undefined],
  ['a dump', withDump, missingForDump],
] as const)
  describe.skipIf(missing !== undefined)(
    `someone who has ${title}${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    { shuffle: false, timeout: 240_000 },
    () => {
      const kills: (() => void)[] = [];
      let files: ReturnType<typeof makeFolder>;
      let installation: Installation;
      let server: Awaited<ReturnType<typeof startServerProcess>>;
      let secrets: Secrets;
      let loot: Loot;

      beforeAll(async () => {
        files = makeFolder();
        installation = await install((name) => path.join(files.folder, name));
        const env = { ...installation.settings, PORT: String(await freePort()) };
        server = await startServerProcess(env, (kill) => kills.push(kill), bundledServer());
        secrets = await makeSecrets(server.origin, env, files.folder);
        loot = await installation.steal();
      }, 400_000);
      afterAll(async () => {
        await server?.stop();
        await installation?.close();
        for (const kill of kills) kill();
        await files?.remove();
      });

      it('can read health records, names, and who gets an email: the disks have to be encrypted', async () => {
        expect(findInFiles(loot.folders, { record: FAMILY, recipient: NEW_EMAIL })).toEqual(['record', 'recipient']);
        const rows = await loot.db.queryText<{ content: string }>(
          'select content from resource where content like $1',
          [`%${FAMILY}%`],
        );
        expect(rows).toHaveLength(1);
      });

      it('finds no password, token, cookie, code, link or email text in any file', () => {
        expect(Object.entries(secrets).filter(([, value]) => value.length < 8)).toEqual([]);
        expect(findInFiles(loot.folders, secrets)).toEqual([]);
      });

      it('can’t sign tokens: there is no private key', async () => {
        const keys = await loot.db.queryText<{ encrypted: boolean }>(
          'select private_jwk is null and encrypted_key is not null as encrypted from signing_key',
          [],
        );
        expect(keys).not.toEqual([]);
        expect(keys.filter(({ encrypted }) => !encrypted)).toEqual([]);
        expect(findPrivateKeys(await readSecretTables(loot.db))).toEqual([]);
      });

      it('can’t use what is stored about sessions, tokens and links', async () => {
        const hashes = await listHashes(loot.db);
        expect(hashes.length).toBeGreaterThan(3);
        const { origin } = server;
        const get = async (url: string, headers: Record<string, string> = {}) =>
          (await fetch(`${origin}${url}`, { headers, redirect: 'manual' })).status;
        const worked: string[] = [];
        for (const hash of hashes) {
          const statuses = {
            session: await get(SECURITY, { cookie: `session=${hash}` }),
            token: await get(`${R4}/Patient`, { authorization: `Bearer ${hash}` }),
            link: await get(`/recover/${hash}`),
          };
          if (Object.values(statuses).includes(200)) worked.push(JSON.stringify(statuses));
        }
        expect(worked).toEqual([]);
        // The values themselves work, so the attempts above could have found them.
        const cookie = `session=${secrets['session cookie']}`;
        expect({
          session: await get(SECURITY, { cookie }),
          link: await get(`/recover/${secrets['one-time link']}`),
        }).toEqual({ session: 200, link: 200 });
      });

      it('can only guess passwords one by one, each with argon2id', async () => {
        const rows = await loot.db.queryText<{ hash: string }>(
          'select distinct split_part(password_hash, $1, 2) || $1 || split_part(password_hash, $1, 4) as hash from account where password_hash is not null and not published',
          ['$'],
        );
        expect(rows).not.toEqual([]);
        for (const { hash } of rows) {
          expect(hash).toMatch(/^argon2id\$m=\d+,t=\d+,p=\d+$/);
          // OWASP asks for 19 MiB and two passes, or more.
          const [memory = 0, passes = 0] = hash.match(/\d+/g)?.slice(1).map(Number) ?? [];
          expect(memory * passes).toBeGreaterThanOrEqual(19_456 * 2);
        }
      });

      it('can’t use the client secret that is stored', async () => {
        const [row] = await loot.db.queryText<{ client_id: string; hash: Buffer }>(
          'select client_id, hash from app_secret order by created_at desc limit 1',
          [],
        );
        const body = new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: 'unknown',
          client_id: row?.client_id ?? '',
          client_secret: row?.hash.toString('base64url') ?? '',
        });
        const response = await fetch(`${server.origin}${TOKEN_PATH}`, { method: 'POST', body });
        expect(await response.json()).toMatchObject({ error: 'invalid_client' });
      });
    },
  );
