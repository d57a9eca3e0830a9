import type { Executor } from '../database/index.ts';
import {
  createDeveloperAccount,
  findDeveloperProfileByEmail,
  isValidUsername,
  type NewPasskey,
} from '../identity/index.ts';
import { type AccountId, sha256 } from '../kernel/index.ts';
import { queueDeveloperEmail } from '../portal-api/index.ts';
import type { NewDeveloperDeps } from './deps.ts';
import { joinOrCreateOrganisation } from './join-or-create-organisation.ts';
import { matchOrganisation, type OrganisationMatch } from './organisation-match.ts';
import { completeSignUp, type SignUp, useSignUp } from './sign-up-store.ts';

export type SignUpCredential =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'passkey'; readonly passkey: NewPasskey; readonly name: string };

export interface NewDeveloper {
  readonly name: string;
  /** Name of the organization that the person founds. Not used if the person joins one. */
  readonly organisation: string;
  readonly secret: SignUpCredential;
}

/**
 * Why no account was created. `over`: the link was already used. `has-account`: the email address
 * has an account by now. `passkey-refused`: the passkey belongs to another account.
 */
type CreateAccountError = 'over' | 'has-account' | 'passkey-refused';

export interface CreatedAccount {
  readonly accountId: AccountId;
  /** How the person got an organization. If two people found one at once, one of them asks to join it. */
  readonly how: OrganisationMatch['kind'];
}

/** Error that rolls back the transaction that creates an account. */
class CreateAccountRollback extends Error {
  readonly why: CreateAccountError;
  constructor(why: CreateAccountError) {
    super(why);
    this.why = why;
  }
}

/**
 * Creates an account in one transaction: marks the emailed link as used, adds the account to its
 * organization and queues the welcome email.
 */
export async function createAccount(
  deps: NewDeveloperDeps,
  { token, requestId }: { readonly token: string; readonly requestId: string },
  wanted: NewDeveloper,
): Promise<CreatedAccount | CreateAccountError> {
  return deps.db
    .transaction(async (tx) => {
      const now = deps.clock.now();
      const signUp = await useSignUp(tx, sha256(token), now);
      if (signUp === undefined) throw new CreateAccountRollback('over');
      const accountId = await addAccount(tx, deps, signUp, wanted);
      await completeSignUp(tx, signUp, accountId, now);
      const { email, language, signUpId } = signUp;
      const { name, organisation, secret } = wanted;
      const settled = await joinOrCreateOrganisation(tx, deps, await matchOrganisation(tx, signUp), {
        accountId,
        name,
        email,
        organisation,
      });
      await queueDeveloperEmail(tx, deps, { email, language, name }, settled.welcome);
      const { how, organisationId } = settled;
      const detail = { action: 'add', as: 'developer', by: secret.kind, signUp: signUpId, how, organisationId };
      await deps.audit.appendInTransaction(tx, { kind: 'account', outcome: 'success', requestId, accountId, detail });
      return { accountId, how };
    })
    .catch((error: unknown) => {
      if (error instanceof CreateAccountRollback) return error.why;
      throw error;
    });
}

async function addAccount(
  tx: Executor,
  deps: NewDeveloperDeps,
  { email, language }: SignUp,
  { name, secret }: NewDeveloper,
): Promise<AccountId> {
  const password = secret.kind === 'password' ? secret.password : undefined;
  const account = { password, displayName: name, published: false, email, language };
  const byAddress = isValidUsername(email)
    ? await createDeveloperAccount(tx, deps, { ...account, username: email })
    : undefined;
  const accountId = byAddress ?? (await addWithGeneratedUsername(tx, deps, account));
  if (secret.kind === 'password') return accountId;
  if (await deps.passkeys.savePasskey(tx, accountId, secret.passkey, secret.name)) return accountId;
  throw new CreateAccountRollback('passkey-refused');
}

/**
 * Creates an account whose username is generated, because its email address belongs to a patient's
 * account or isn't a valid username. The person can still sign in with the address: sign-in looks
 * up accounts by email too.
 */
async function addWithGeneratedUsername(
  tx: Executor,
  deps: NewDeveloperDeps,
  account: Omit<Parameters<typeof createDeveloperAccount>[2], 'username'> & { readonly email: string },
): Promise<AccountId> {
  if ((await findDeveloperProfileByEmail(tx, account.email)) !== undefined)
    throw new CreateAccountRollback('has-account');
  const username = `developer-${deps.random.bytes(6).toString('hex')}`;
  const made = await createDeveloperAccount(tx, deps, { ...account, username });
  if (made === undefined) throw new CreateAccountRollback('has-account');
  return made;
}
