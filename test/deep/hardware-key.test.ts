import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/app.ts';
import { addApp } from '../support/apps/apps.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { connectApp, OAUTH } from '../support/people/patient.ts';
import { runCli } from '../support/servers/command-line.ts';
import { findInstalled } from '../support/servers/installed-program.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const PROGRAM = path.join(CHECKOUT, 'deploy/encryption-keys/pkcs11');
const PIN = '1234';
const missing =
  existsSync(MODULE) && findInstalled('softhsm2-util') !== undefined && findInstalled('pkcs11-tool') !== undefined
    ? undefined
    : 'this machine lacks the Debian packages softhsm2 and opensc';

describe.skipIf(missing !== undefined)(
  `an encryption key in a hardware module (SoftHSM, PKCS#11)${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  { shuffle: false, timeout: 120_000 },
  () => {
    let folder: string;
    let server: TestServer;

    /** Runs pkcs11-tool as the operator does. */
    const pkcs11 = (...words: readonly string[]) =>
      execFileSync('pkcs11-tool', ['--module', MODULE, '--token-label', 'records', '--login', '--pin', PIN, ...words], {
        stdio: 'pipe',
      });
    const createKey = (id: string) => pkcs11('--keygen', '--key-type', 'AES:32', '--id', id, '--label', `key ${id}`);
    const rotate = () =>
      runCli(['keys', 'rotate-encryption', '--json'], {
        DATABASE_URL: server.databaseUrl,
        ENCRYPTION_KEY_PROGRAM: PROGRAM,
      });

    /** Lets an app sign a person in, at a server that was just started. */
    async function isTokenAccepted(): Promise<boolean> {
      const { app } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });
      try {
        const client = await addApp(server, { scope: 'openid patient/*.rs' });
        const { id_token = '' } = await connectApp(app, client, { scope: 'openid' });
        const keys = createLocalJWKSet((await app.inject(`${OAUTH}/.well-known/jwks.json`)).json());
        await jwtVerify(id_token, keys, { currentDate: server.clock.now() });
        return true;
      } finally {
        await app.close();
      }
    }

    beforeAll(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'patient-access-hsm-'));
      mkdirSync(path.join(folder, 'tokens'));
      const config = path.join(folder, 'softhsm2.conf');
      writeFileSync(config, `directories.tokendir = ${folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n`);
      writeFileSync(path.join(folder, 'pin'), `${PIN}\n`, { mode: 0o600 });
      // The program gets the environment of the server.
      vi.stubEnv('SOFTHSM2_CONF', config);
      vi.stubEnv('PKCS11_MODULE', MODULE);
      vi.stubEnv('PKCS11_TOKEN', 'records');
      vi.stubEnv('PKCS11_KEY', '01');
      vi.stubEnv('PKCS11_PIN_FILE', path.join(folder, 'pin'));
      const init = ['--init-token', '--free', '--label', 'records', '--pin', PIN, '--so-pin', '5678'];
      execFileSync('softhsm2-util', init, { stdio: 'pipe' });
      createKey('01');
      server = await startServer({ ENCRYPTION_KEY_PROGRAM: PROGRAM });
    }, 120_000);
    afterAll(async () => {
      vi.unstubAllEnvs();
      await server?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('encrypts the secrets of the database', async () => {
      const { code, out } = await rotate();
      expect({ code, result: JSON.parse(out) }).toMatchObject({
        code: 0,
        result: { key_id: '01', encrypted: { signing_key: 2 } },
      });
      expect(await isTokenAccepted()).toBe(true);
    });

    it('is replaced by a new one, after which the module doesn’t need the old one', async () => {
      createKey('02');
      vi.stubEnv('PKCS11_KEY', '02');
      expect(JSON.parse((await rotate()).out)).toMatchObject({ key_id: '02', rewrapped: 1 });
      pkcs11('--delete-object', '--type', 'secrkey', '--id', '01');
      expect(await isTokenAccepted()).toBe(true);
    });

    it('that the module doesn’t have, or doesn’t give to this PIN, is reported with its reason', async () => {
      vi.stubEnv('PKCS11_KEY', '03');
      expect((await rotate()).err).toMatch(/failed at "wrap" with exit code 1: .*key not found/);
      writeFileSync(path.join(folder, 'pin'), 'wrong\n');
      await expect(isTokenAccepted()).rejects.toThrow(/failed at "unwrap" with exit code 1: .*CKR_PIN_INCORRECT/);
    });
  },
);
