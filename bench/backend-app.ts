import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { registerApp } from '../src/apps/index.ts';
import type { Database } from '../src/database/index.ts';
import { systemClock as clock, type PracticeId, systemRandom as random } from '../src/kernel/index.ts';
import { listPractices } from '../src/practices/index.ts';
import { type BenchEnvironment, ORIGIN } from './environment.ts';

const TOKEN = `${ORIGIN}/nge/prod/patient-oauth/token`;
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const SCOPE = 'system/*.rs';

/**
 * Registers a backend app.
 * @param atPractices by default the sandbox practices
 * @returns a function that requests a new access token on each call
 */
export async function createBackendTokenSource(
  { db }: Pick<BenchEnvironment, 'db'>,
  atPractices?: readonly PracticeId[],
): Promise<() => Promise<string>> {
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES384', use: 'sig' }] };
  const kind = { kind: 'backend', auth: 'private_key_jwt', state: 'active' } as const;
  const practiceIds = atPractices ?? (await listSandboxPractices(db));
  const app = { name: 'Bench', apis: ['r4'], scope: SCOPE, jwks, practiceIds, ...kind } as const;
  const { clientId } = await db.transaction((tx) => registerApp(tx, { clock, random }, app));
  return async () => {
    const claims = { iss: clientId, sub: clientId, aud: TOKEN, jti: random.uuid() };
    const assertion = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES384', kid: 'one', typ: 'JWT' })
      .setExpirationTime('4m')
      .sign(privateKey);
    const fields = { client_assertion_type: ASSERTION, client_assertion: assertion, scope: SCOPE };
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...fields });
    const response = await fetch(TOKEN, { method: 'POST', body });
    if (!response.ok) throw new Error(await response.text());
    return JSON.parse(await response.text()).access_token;
  };
}

const listSandboxPractices = async (db: Database): Promise<readonly PracticeId[]> =>
  (await listPractices(db)).filter(({ kind }) => kind === 'sandbox').map(({ practiceId }) => practiceId);
