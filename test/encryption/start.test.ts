import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { serveUntilStopped } from '../../src/serve.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { type CliDatabase, cliDatabase } from '../support/servers/cli-database.ts';
import { freePort } from '../support/servers/processes.ts';

const PUBLIC = { PUBLIC_URL: 'https://records.example.org' };

/** Starts a server, and stops it as soon as it listens. @returns what it printed, or the error with which it ended */
async function start({ url }: CliDatabase, settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const port = String(await freePort());
  const environment = { DATABASE_URL: url, PORT: port, SANDBOX: 'off', LOG_LEVEL: 'silent', LOG_FORMAT: 'json' };
  const controller = new AbortController();
  const printed: string[] = [];
  const config = readConfig({ ...environment, ...settings });
  const print = (text: string): void => {
    printed.push(text);
    if (text.includes('is listening')) controller.abort();
  };
  await serveUntilStopped({ config, environment: {}, print, stop: controller.signal }).catch((error: Error) =>
    print(`${error.name}: ${error.message}`),
  );
  return printed.join('\n');
}

const storedKeys = ({ db }: CliDatabase) =>
  db().queryText<{ clear: boolean }>('select private_jwk is not null as clear from signing_key', []);

let folder: string;
let keyFile: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'patient-access-start-'));
  keyFile = path.join(folder, 'encryption-key');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a new installation with DATABASE_URL', { shuffle: false }, () => {
  const database = cliDatabase();
  const withKey = () => ({ ...PUBLIC, ENCRYPTION_KEY_FILE: keyFile });

  it('that others can reach doesn’t start without an encryption key, and says how to create one', async () => {
    const printed = await start(database, PUBLIC);
    expect(printed).toMatch(/^OperatorFault: This installation needs an encryption key/m);
    expect(printed).toContain('patient-access keys create-encryption FILE');
    expect(printed).not.toContain('is listening');
    expect(await storedKeys(database)).toEqual([]);
  });

  it('doesn’t create the file that the settings name', async () => {
    expect(await start(database, withKey())).toContain(`${keyFile} with the encryption key doesn’t exist`);
    expect(existsSync(keyFile)).toBe(false);
  });

  it('encrypts from its first start on', async () => {
    expect((await database.print(['keys', 'create-encryption', keyFile])).code).toBe(0);
    expect(await start(database, withKey())).toContain('is listening');
    expect(await storedKeys(database)).toEqual([{ clear: false }, { clear: false }]);
  });

  it('starts again with its key only', async () => {
    expect(await start(database, withKey())).toContain('is listening');
    const key = readFileSync(keyFile, 'utf8');
    rmSync(keyFile);
    expect(await start(database, withKey())).toMatch(/^OperatorFault: .*doesn’t exist. Restore your copy of it/m);
    expect(await start(database, PUBLIC)).toMatch(/^OperatorFault: .* is encrypted with the key [0-9a-f]{16}/m);
    writeFileSync(keyFile, key, { mode: 0o600 });
    expect(await start(database, withKey())).toContain('is listening');
  });

  it('whose key is lost starts with a new one after the SQL of docs/encryption.md', async () => {
    rmSync(keyFile);
    const [, sql = ''] =
      /```sql\n([^`]+)```/.exec(readFileSync(path.join(CHECKOUT, 'docs/encryption.md'), 'utf8')) ?? [];
    expect(sql).toContain('delete from data_key');
    await database.db().queryText(sql, []);
    await database.print(['keys', 'create-encryption', keyFile]);
    expect(await start(database, withKey())).toContain('is listening');
    expect(await storedKeys(database)).toEqual([{ clear: false }, { clear: false }]);
  });
});

describe('an installation of an earlier release with DATABASE_URL', { shuffle: false }, () => {
  const database = cliDatabase();
  const withKey = () => ({ ...PUBLIC, ENCRYPTION_KEY_FILE: keyFile });
  beforeAll(async () => {
    await database.run('keys', 'rotate', '--leaked');
  });

  it('goes on without a key, and says that secrets aren’t encrypted', async () => {
    const printed = await start(database, PUBLIC);
    expect(printed).toMatch(/aren’t encrypted in the database. Set ENCRYPTION_KEY_FILE/);
    expect(printed).toContain('is listening');
  });

  it('goes on in clear with a key, because servers of that release may still run', async () => {
    const printed = await start(database, withKey());
    expect(printed).toMatch(/aren’t encrypted yet.*keys rotate-encryption/);
    expect(printed).toContain('is listening');
    expect(await storedKeys(database)).toEqual([{ clear: true }, { clear: true }]);
  });

  it('encrypts after keys rotate-encryption, also what a server of that release stores later', async () => {
    expect((await database.print(['keys', 'rotate-encryption'], withKey())).code).toBe(0);
    expect(await storedKeys(database)).toEqual([{ clear: false }, { clear: false }]);
    await database
      .db()
      .queryText(
        `insert into signing_key (kid, alg, private_jwk, created_at, active_from) values ('old', 'ES256', '{}', now(), now())`,
        [],
      );
    const { out } = await database.print(['doctor'], withKey());
    expect(out).toContain('rows that aren’t encrypted: 1');
    await database.db().queryText("delete from signing_key where kid = 'old'", []);
    expect(await start(database, withKey())).not.toContain('rotate-encryption');
  });

  it('has no key file that others can read without a warning of doctor', async () => {
    writeFileSync(path.join(folder, 'open-key'), readFileSync(keyFile), { mode: 0o644 });
    const { out } = await database.print(['doctor'], { ...PUBLIC, ENCRYPTION_KEY_FILE: path.join(folder, 'open-key') });
    if (process.platform !== 'win32') expect(out).toContain('all users of this machine can access the encryption key');
  });
});
