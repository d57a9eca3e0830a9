import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config/index.ts';
import { createDeveloperAccount } from '../../src/identity/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { PatientBrowser, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { PASSWORD, signUp } from '../support/people/sign-up.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ PASSWORD_COST: 'm=12288,t=3' });
});
afterAll(() => server.close());

async function hashOf(username: string): Promise<string> {
  const [row] = await server.db.queryText<{ password_hash: string }>(
    'select password_hash from account where username = $1',
    [username],
  );
  return row?.password_hash ?? '';
}

const signIn = (username: string, password: string) =>
  new PatientBrowser(server.app).signIn('/sign-in', { username, password });

/** Creates an account while the server has another password cost. */
async function madeAt(cost: typeof passwordCost): Promise<string> {
  const email = `${random.bytes(6).toString('hex')}@maker.example`;
  const account = { username: email, password: PASSWORD, displayName: 'Dev Eloper', published: false, email };
  const deps = { clock: server.clock, random, passwordCost: cost };
  await server.db.transaction((tx) => createDeveloperAccount(tx, deps, account));
  return email;
}

it('a new password is hashed with argon2id at the configured cost', async () => {
  const email = 'new@cost.example';
  await signUp(server, email, { organisation: 'Cost' });
  expect(await hashOf(email)).toMatch(/^\$argon2id\$v=19\$m=12288,t=3,p=1\$/);
  expect((await signIn(email, PASSWORD)).status).toBe(303);
  expect((await signIn(email, `${PASSWORD}!`)).status).toBe(401);
});

it('the default cost is 19 MiB and two passes', async () => {
  const email = await madeAt(readConfig({}).passwordCost);
  expect(await hashOf(email)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect((await signIn(email, PASSWORD)).status).toBe(303);
  expect((await signIn(email, `${PASSWORD}!`)).status).toBe(401);
});

it('a password that was hashed at another cost still signs in', async () => {
  const email = await madeAt(passwordCost);
  const before = await hashOf(email);
  expect(before).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/);
  expect((await signIn(email, PASSWORD)).status).toBe(303);
  expect((await signIn(email, `${PASSWORD}!`)).status).toBe(401);
  expect(await hashOf(email)).toBe(before);
  expect((await signIn(SANDBOX_PATIENT.username, SANDBOX_PATIENT.password)).status).toBe(303);
});
