import type { Executor } from '../../database/index.ts';
import { type AccountId, sha256 } from '../../kernel/index.ts';
import { addDeveloper, findDeveloperByEmail, isUsername, type NewPasskey } from '../../people/index.ts';
import type { PortalDeps } from '../deps.ts';
import { writeTo } from '../organisations/mails.ts';
import { placeOf } from './place.ts';
import { settlePlace } from './settle-place.ts';
import { type SignUp, settleSignUp, useSignUp } from './store.ts';

export type Secret =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'passkey'; readonly passkey: NewPasskey; readonly name: string };

export interface Wanted {
  readonly name: string;
  /** Name of the organization, if the person founds one. */
  readonly organisation: string;
  readonly secret: Secret;
}

/**
 * `over`: the link was already used. `has-account`: the address has an account by now.
 * `passkey-refused`: the passkey belongs to another account.
 */
type Refusal = 'over' | 'has-account' | 'passkey-refused';

/** Thrown to roll the transaction back. */
class Refused extends Error {
  readonly why: Refusal;
  constructor(why: Refusal) {
    super(why);
    this.why = why;
  }
}

/** Uses the link, creates the account, adds it to its organization and queues the welcome email, all or nothing. */
export async function makeAccount(
  deps: PortalDeps,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  wanted: Wanted,
): Promise<AccountId | Refusal> {
  return deps.db
    .transaction(async (tx) => {
      const now = deps.clock.now();
      const signUp = await useSignUp(tx, sha256(token), now);
      if (signUp === undefined) throw new Refused('over');
      const accountId = await addAccount(tx, deps, signUp, wanted);
      await settleSignUp(tx, signUp, accountId, now);
      const { email, language, signUpId } = signUp;
      const { name, organisation, secret } = wanted;
      const settled = await settlePlace(tx, deps, await placeOf(tx, signUp), { accountId, name, email, organisation });
      await writeTo(tx, deps, { email, language, name }, settled.welcome);
      const { how, organisationId } = settled;
      const detail = { action: 'add', as: 'developer', by: secret.kind, signUp: signUpId, how, organisationId };
      await deps.audit.recordWithin(tx, { kind: 'account', outcome: 'success', requestId, accountId, detail });
      return accountId;
    })
    .catch((error: unknown) => {
      if (error instanceof Refused) return error.why;
      throw error;
    });
}

async function addAccount(
  tx: Executor,
  deps: PortalDeps,
  { email, language }: SignUp,
  { name, secret }: Wanted,
): Promise<AccountId> {
  const password = secret.kind === 'password' ? secret.password : undefined;
  const account = { password, displayName: name, published: false, email, language };
  const byAddress = isUsername(email) ? await addDeveloper(tx, deps, { ...account, username: email }) : undefined;
  const accountId = byAddress ?? (await addUnderAnotherName(tx, deps, account));
  if (secret.kind === 'password') return accountId;
  if (await deps.passkeys.keepPasskey(tx, accountId, secret.passkey, secret.name)) return accountId;
  throw new Refused('passkey-refused');
}

/**
 * The address can't be the username if a patient already has it or if it isn't a valid username. The
 * person can still sign in with the address, because sign-in also looks accounts up by it.
 */
async function addUnderAnotherName(
  tx: Executor,
  deps: PortalDeps,
  account: Omit<Parameters<typeof addDeveloper>[2], 'username'> & { readonly email: string },
): Promise<AccountId> {
  if ((await findDeveloperByEmail(tx, account.email)) !== undefined) throw new Refused('has-account');
  const username = `developer-${deps.random.bytes(6).toString('hex')}`;
  const made = await addDeveloper(tx, deps, { ...account, username });
  if (made === undefined) throw new Refused('has-account');
  return made;
}
