import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeveloperAccount } from '../../src/identity/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { csrfIn } from '../support/browser/html.ts';
import { FORM, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await hashAgain(SANDBOX_PATIENT);
});
afterAll(() => server.close());

/** Replaces the account's password hash with one that takes half as long as in production, so that a queue forms. */
async function hashAgain({ username, password }: typeof SANDBOX_PATIENT): Promise<void> {
  const { db, clock } = server;
  const deps = { clock, random, passwordCost: { memory: 19_456, passes: 1 } };
  const same = { username: 'same-password', password, displayName: 'Same', published: false };
  await db.transaction((tx) => createDeveloperAccount(tx, deps, same));
  await db.queryText(
    `update account set password_hash = (select password_hash from account where username = 'same-password')
     where username = $1`,
    [username],
  );
}

interface Tried {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

type TryFrom = (address: string, username: string, password: string) => Promise<Tried>;

/**
 * Opens the sign-in page.
 * @returns a function that tries to sign in with its form from a given network
 */
async function signInForm(): Promise<TryFrom> {
  const page = await server.app.inject('/sign-in');
  const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
  const csrf = csrfIn(page);
  return async (remoteAddress, username, password) => {
    const payload = new URLSearchParams({ username, password, csrf }).toString();
    const headers = { ...FORM, cookie };
    const answer = await server.app.inject({ method: 'POST', url: '/sign-in', remoteAddress, payload, headers });
    return { status: answer.statusCode, retryAfter: answer.headers['retry-after'] as string | undefined };
  };
}

const { username, password } = SANDBOX_PATIENT;
const statuses = (tried: readonly Tried[], status: number) => tried.filter((one) => one.status === status);

/**
 * Sends wrong passwords for the shared account, which never locks. Each sender continues as long as the server verifies
 * its passwords.
 */
async function flood<Result>(
  addressOf: (index: number) => string,
  meanwhile: (tryFrom: TryFrom) => Promise<Result>,
): Promise<[answers: readonly Tried[], meanwhile: Result]> {
  const tryFrom = await signInForm();
  const answers: Tried[] = [];
  let over = false;
  const sender = async (_: unknown, index: number) => {
    let isChecked = true;
    while (isChecked) {
      const tried = await tryFrom(addressOf(index), username, 'wrong');
      answers.push(tried);
      isChecked = tried.status === 401 && !over;
    }
  };
  const senders = Array.from({ length: 300 }, sender);
  const result = await meanwhile(tryFrom).finally(() => {
    over = true;
  });
  await Promise.all(senders);
  return [answers, result];
}

describe('a flood of guesses at a shared account', () => {
  const ONE = () => '203.0.113.1';

  it.each([
    ['does not block a sign-in from another network', ONE, '198.51.100.7'],
    [
      'does not gain from using many IPv6 addresses of its network',
      (index: number) => `2001:db8:0:1::${index.toString(16)}`,
      '2001:db8:0:2::1',
    ],
    [
      'does not gain from several networks, which yield to a network with nothing in the queue',
      (index: number) => `203.0.113.${index % 8}`,
      '198.51.100.8',
    ],
  ])('is rejected in part, with Retry-After, and %s', async (_, addressOf, elsewhere) => {
    const [answers, others] = await flood(addressOf, (tryFrom) =>
      Promise.all(Array.from({ length: 5 }, () => tryFrom(elsewhere, username, password))),
    );
    expect(statuses(others, 303)).toHaveLength(5);
    const rejected = statuses(answers, 503);
    expect(rejected.length).toBeGreaterThan(0);
    expect(rejected.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
    expect(statuses(answers, 401)).toHaveLength(answers.length - rejected.length);
  });

  it('costs the people of its network no attempts, because only verified passwords count', async () => {
    const [, tried] = await flood(ONE, (tryFrom) =>
      Promise.all(Array.from({ length: 8 }, () => tryFrom(ONE(), 'someone', 'wrong'))),
    );
    expect(statuses(tried, 503).length).toBeGreaterThan(0);
    const tryFrom = await signInForm();
    for (let left = 10 - statuses(tried, 401).length; left > 0; left -= 1) {
      expect((await tryFrom(ONE(), 'someone', 'wrong')).status).toBe(401);
    }
    expect((await tryFrom(ONE(), 'someone', 'wrong')).status).toBe(429);
  });
});
