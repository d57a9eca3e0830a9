import type { Executor } from '../../database/index.ts';
import { type AccountId, type Clock, constantTimeEqual, sha256 } from '../../kernel/index.ts';
import { importWebAuthn } from './import-webauthn.ts';
import { type PasskeyResponse, parsePasskeyResponse, passkeyRejected, readChallenge } from './passkey-response.ts';
import { findPasskey, type PasskeyRow, updateCounter, useChallenge } from './passkey-store.ts';

export interface PasskeyAuthentication {
  readonly accountId: AccountId;
  readonly name: string;
}

interface RelyingParty {
  readonly db: Executor;
  readonly clock: Clock;
  readonly rpID: string;
  readonly origin: string;
}

/**
 * Verifies an authentication response and returns the account of its passkey (WebAuthn L3 §7.2). The first verification
 * uses up the challenge, so a response that is sent twice is accepted once.
 * @param accountId account that must own the passkey; `undefined` accepts the passkey of any account
 */
export async function verifyAuthentication(
  relying: RelyingParty,
  text: string,
  accountId: AccountId | undefined,
): Promise<PasskeyAuthentication> {
  const { db, clock, rpID, origin } = relying;
  const answer = parsePasskeyResponse(text);
  const expectedChallenge = readChallenge(answer);
  const stored = await useChallenge(db, sha256(expectedChallenge), clock.now());
  if (stored === undefined || stored.handle !== undefined || stored.accountId !== accountId) throw passkeyRejected();
  const passkey = await findResponsePasskey(db, answer, accountId);
  const { verifyAuthenticationResponse } = await importWebAuthn();
  const { authenticationInfo, verified } = await verifyAuthenticationResponse({
    response: answer as never,
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    credential: {
      id: passkey.credential_id.toString('base64url'),
      publicKey: new Uint8Array(passkey.public_key),
      counter: passkey.counter,
    },
  }).catch((cause: unknown) => {
    throw passkeyRejected(cause);
  });
  const counted =
    verified && (await updateCounter(db, passkey.credential_id, authenticationInfo.newCounter, clock.now()));
  if (!counted) throw passkeyRejected();
  return { accountId: passkey.account_id as AccountId, name: passkey.name };
}

/**
 * Finds the passkey of an authentication response. WebAuthn L3 §7.2, steps 5 and 6: the passkey must be registered with
 * the user handle in the response. The response may lack the handle if the caller has already identified the account.
 */
async function findResponsePasskey(
  db: Executor,
  answer: PasskeyResponse,
  accountId: AccountId | undefined,
): Promise<PasskeyRow> {
  const { id, response } = answer as { id?: unknown; response?: { userHandle?: unknown } };
  const passkey = typeof id === 'string' ? await findPasskey(db, Buffer.from(id, 'base64url')) : undefined;
  if (passkey === undefined || (accountId !== undefined && passkey.account_id !== accountId)) throw passkeyRejected();
  const { userHandle } = response ?? {};
  const handle = typeof userHandle === 'string' ? Buffer.from(userHandle, 'base64url') : undefined;
  if (handle === undefined && accountId !== undefined) return passkey;
  if (handle === undefined || !constantTimeEqual(handle, passkey.handle)) throw passkeyRejected();
  return passkey;
}
