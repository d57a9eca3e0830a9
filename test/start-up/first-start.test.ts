import { statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { findAccountByUsername } from '../../src/identity/index.ts';
import { openInstallation } from '../../src/installation.ts';
import { postmasterOf } from '../support/database/folders.ts';
import { until } from '../support/runs/until.ts';
import { addCliApp, type Installation, makeInstallation, patientStatus } from '../support/servers/installation.ts';
import { connectOverHttp } from '../support/servers/over-http.ts';
import type { RunningServer } from '../support/servers/processes.ts';

/** Processes that fill a database take long beside other tests. */
vi.setConfig({ testTimeout: 150_000 });

// These tests keep their order. They follow one installation, because a first start takes many seconds.
describe('a server on an empty folder', { shuffle: false }, () => {
  let installation: Installation;
  let server: RunningServer;
  let token: string;
  beforeAll(async () => {
    installation = await makeInstallation();
    return installation.remove;
  });

  it('prints what to open, and listens before the largest record of the sandbox is loaded', async () => {
    server = await installation.startServer();
    expect(server.printed()).toContain('patientapitest / Password1!');
    expect(server.printed()).toContain(`${server.origin}/sandbox`);
    const { db, close } = await openInstallation(readConfig(installation.env), { serving: false });
    const isThere = async (username: string) => (await findAccountByUsername(db, username)) !== undefined;
    const isThereAtStart = await isThere('patient23');
    await until(() => isThere('patient02')).finally(close);
    expect(isThereAtStart).toBe(true);
  });

  it('encrypts secrets with a key of its own, beside the database', async () => {
    const { mode } = statSync(path.join(installation.env.DATA_DIR, 'encryption-key'));
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600);
    const { db, close } = await openInstallation(readConfig(installation.env), { serving: false });
    const keys = await db
      .queryText('select private_jwk, encrypted_key is not null as encrypted from signing_key', [])
      .finally(close);
    expect(keys).toEqual([
      { private_jwk: null, encrypted: true },
      { private_jwk: null, encrypted: true },
    ]);
  });

  it('serves the sandbox, and accepts commands beside it', async () => {
    const app = await addCliApp(installation.env);
    token = (await connectOverHttp(server.origin, app)).access_token;
    expect(await patientStatus(server.origin, token)).toBe(200);
  });

  it('stops cleanly, and has all data when it starts again', async () => {
    expect((await server.stop()).code).toBe(0);
    expect(postmasterOf(installation.env.DATA_DIR)).toBeUndefined();
    const second = await installation.startServer();
    expect(second.printed()).not.toContain('Filling the sandbox');
    expect(await patientStatus(second.origin, token)).toBe(200);
    const stopped = await second.stop('SIGINT');
    expect({ code: stopped.code, err: stopped.err }).toEqual({
      code: 0,
      err: expect.not.stringContaining('Filling the sandbox'),
    });
    expect(postmasterOf(installation.env.DATA_DIR)).toBeUndefined();
  });
});
