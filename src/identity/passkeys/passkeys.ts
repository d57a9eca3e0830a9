import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { Database, Executor } from '../../database/index.ts';
import { type AccountId, type Clock, later, minutes, type Random, sha256 } from '../../kernel/index.ts';
import { importWebAuthn } from './import-webauthn.ts';
import { parsePasskeyResponse, passkeyRejected, readChallenge } from './passkey-response.ts';
import { insertPasskey, listPasskeys, type NewPasskey, saveChallenge, useChallenge } from './passkey-store.ts';
import { type PasskeyAuthentication, verifyAuthentication } from './verify-authentication.ts';

export interface PasskeyDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly publicUrl: string;
  /** Brand name of the operator, which authenticators display beside the name of the account. */
  readonly brandName: string;
}

/** The user that a passkey is created for. */
export interface PasskeyOwner {
  /** User handle (`user.id`, WebAuthn L3 §5.4.3): up to 64 random bytes, the same for all passkeys of an account. */
  readonly handle: Buffer;
  readonly username: string;
  readonly displayName: string;
}

export interface Passkeys {
  /**
   * Returns the WebAuthn options to create a passkey for an account that doesn't exist yet. The caller generates the
   * random `handle`.
   */
  registrationOptions(owner: PasskeyOwner): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /** Returns the WebAuthn options to add a passkey to an existing account. */
  additionalRegistrationOptions(
    accountId: AccountId,
    owner: Omit<PasskeyOwner, 'handle'>,
  ): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /**
   * Verifies a registration response (WebAuthn L3 §7.1) and uses up its challenge. Throws `access_denied` if the
   * response is invalid.
   * @param response JSON that `/assets/passkeys.js` puts into a form
   * @param accountId account that gets the passkey; `undefined` for an account that is being created
   */
  verifyRegistration(response: string, accountId?: AccountId): Promise<NewPasskey>;
  /**
   * Stores a passkey.
   * @returns false if an account already has this passkey, or the account is a shared sandbox account or closed
   */
  savePasskey(tx: Executor, accountId: AccountId, passkey: NewPasskey, name: string): Promise<boolean>;
  /**
   * Returns the WebAuthn options to sign in with a passkey.
   * @param accountId account whose passkeys are accepted; if omitted, the passkeys of any account
   */
  authenticationOptions(accountId?: AccountId): Promise<PublicKeyCredentialRequestOptionsJSON>;
  /**
   * Verifies an authentication response (WebAuthn L3 §7.2). Throws `access_denied` if the response is invalid.
   * @param accountId account that must own the passkey; if omitted, any account
   */
  verifyAuthentication(response: string, accountId?: AccountId): Promise<PasskeyAuthentication>;
}

/**
 * Milliseconds for which a WebAuthn challenge is valid. WebAuthn L3 §15.1 recommends five to ten minutes, because
 * people may have to look for their security key.
 */
const CHALLENGE_LIFETIME = minutes(10);
const CHALLENGE_BYTES = 32;
/** Accepted COSE algorithms: EdDSA, ES256 and RS256. */
export const ALGORITHMS = [-8, -7, -257];

/**
 * Creates the passkey service (WebAuthn L3 §7.1 and §7.2). Every use requires user verification (PIN, fingerprint or
 * face), so a passkey counts as two factors, NIST SP 800-63B-4 §2.2.
 */
export function createPasskeys(deps: PasskeyDeps): Passkeys {
  const { db, clock, random, publicUrl } = deps;
  const rpID = new URL(publicUrl).hostname;

  async function challenge(accountId: AccountId | undefined, handle: Buffer | undefined): Promise<Buffer> {
    const bytes = random.bytes(CHALLENGE_BYTES);
    const hash = sha256(bytes.toString('base64url'));
    await saveChallenge(db, hash, { accountId, handle }, later(clock.now(), CHALLENGE_LIFETIME));
    return bytes;
  }

  async function toMake(accountId: AccountId | undefined, owner: PasskeyOwner, existing: readonly Buffer[]) {
    const { generateRegistrationOptions } = await importWebAuthn();
    return generateRegistrationOptions({
      rpName: deps.brandName,
      rpID,
      userName: owner.username,
      userDisplayName: owner.displayName,
      userID: new Uint8Array(owner.handle),
      challenge: new Uint8Array(await challenge(accountId, owner.handle)),
      timeout: CHALLENGE_LIFETIME,
      attestationType: 'none',
      excludeCredentials: existing.map((id) => ({ id: id.toString('base64url') })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      supportedAlgorithmIDs: ALGORITHMS,
    });
  }

  return {
    registrationOptions: (owner) => toMake(undefined, owner, []),
    async additionalRegistrationOptions(accountId, owner) {
      const known = await listPasskeys(db, accountId);
      const handle = known[0]?.handle ?? random.bytes(CHALLENGE_BYTES);
      return toMake(
        accountId,
        { ...owner, handle },
        known.map(({ credential_id }) => credential_id),
      );
    },
    async verifyRegistration(text, accountId) {
      const answer = parsePasskeyResponse(text);
      const expectedChallenge = readChallenge(answer);
      const stored = await useChallenge(db, sha256(expectedChallenge), clock.now());
      if (stored?.handle === undefined || stored.accountId !== accountId) throw passkeyRejected();
      return { ...(await verified(answer, expectedChallenge)), handle: stored.handle };
    },
    savePasskey: (tx, accountId, passkey, name) =>
      insertPasskey(tx, accountId, { ...passkey, name: name.slice(0, MAX_NAME_LENGTH), now: clock.now() }),
    async authenticationOptions(accountId) {
      const existing = accountId === undefined ? [] : await listPasskeys(db, accountId);
      const { generateAuthenticationOptions } = await importWebAuthn();
      return generateAuthenticationOptions({
        rpID,
        challenge: new Uint8Array(await challenge(accountId, undefined)),
        timeout: CHALLENGE_LIFETIME,
        userVerification: 'required',
        allowCredentials: existing.map((passkey) => ({
          id: passkey.credential_id.toString('base64url'),
          transports: passkey.transports,
        })),
      });
    },
    verifyAuthentication: (text, accountId) =>
      verifyAuthentication({ db, clock, rpID, origin: publicUrl }, text, accountId),
  };

  /**
   * Verifies a registration response, WebAuthn L3 §7.1. SimpleWebAuthn throws a different error for each failed step;
   * callers get the same error for all of them.
   */
  async function verified(answer: object, expectedChallenge: string): Promise<Omit<NewPasskey, 'handle'>> {
    const { verifyRegistrationResponse } = await importWebAuthn();
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer as never,
      expectedChallenge,
      expectedOrigin: publicUrl,
      expectedRPID: rpID,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }).catch((cause: unknown) => {
      throw passkeyRejected(cause);
    });
    if (registrationInfo === undefined) throw passkeyRejected();
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    const credentialId = Buffer.from(id, 'base64url');
    if (credentialId.length > MAX_CREDENTIAL_ID_BYTES) throw passkeyRejected();
    return { credentialId, publicKey: Buffer.from(publicKey), counter, transports: knownTransports(transports) };
  }
}

const MAX_NAME_LENGTH = 60;
/** Maximum length of a credential id in bytes, WebAuthn L3 §7.1, step 25. */
const MAX_CREDENTIAL_ID_BYTES = 1023;

/**
 * Returns the authenticator's transports that WebAuthn L3 §5.8.4 defines. The browser sends them without a signature,
 * which isn't a risk: the server only sends them back to browsers, as hints for finding the passkey.
 */
const knownTransports = (transports: unknown): readonly string[] =>
  Array.isArray(transports) ? transports.filter((one) => TRANSPORTS.includes(one)) : [];
const TRANSPORTS: readonly unknown[] = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb', 'cable'];
