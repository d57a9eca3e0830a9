import type { Executor } from '../../database/index.ts';
import { getMessages } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { requireProblem, singleValue } from '../forms/form-fields.ts';
import type { FormContext, FormHandler } from '../forms/form-handlers.ts';
import { describeDevice } from '../sessions/describe-device.ts';
import type { AuthenticationMethod } from '../sign-in/complete-sign-in.ts';
import { confirmAuthenticator, startAuthenticatorSetup } from './authenticator.ts';
import { generateKey, toBase32Key, toOtpauthUri } from './totp.ts';

/** The person who adds an authentication factor: a signed-in user, or a staff member at the first sign-in. */
export interface FactorOwner {
  readonly accountId: AccountId;
  readonly sessionId: string;
  readonly displayName: string;
}

/**
 * The pages and paths that differ between the two places where a person can add a factor: the first sign-in of a staff
 * member, and the account security pages.
 */
export interface AddFactorFlow<User extends FactorOwner> {
  readonly passkeyPath: string;
  readonly authenticatorPath: string;
  /** Returns the hidden fields of the forms, such as the page to return to after sign-in. */
  fields(context: FormContext<User>): Readonly<Record<string, string>>;
  backPath(context: FormContext<User>): string;
  /**
   * Returns the path of the link to the other kind of factor: from the passkey page to the authenticator app page, or
   * back. Returns `undefined` if the flow has no such link.
   * @param path path of the page to which the link leads
   */
  otherPath(context: FormContext<User>, path: string): string | undefined;
  /** Tells whether the account may get another factor. It is called first in the transaction that adds the factor. */
  mayAdd(tx: Executor, accountId: AccountId): Promise<boolean>;
  /**
   * Called after the factor was added, to complete the sign-in or to return to the account security pages.
   * @returns the path to redirect to
   */
  added(context: FormContext<User>, by: AuthenticationMethod): Promise<string>;
}

/**
 * Form handler that adds an authenticator app (RFC 6238). The app becomes a factor of the account when the person
 * enters a valid code from it.
 */
export function addAuthenticatorHandler<User extends FactorOwner>(
  deps: IdentityDeps,
  changes: CredentialChanges,
  flow: AddFactorFlow<User>,
): FormHandler<User> {
  return {
    path: flow.authenticatorPath,
    async render(context, errors) {
      const { accountId } = context.user;
      const key = await startAuthenticatorSetup(deps, context.user, generateKey(deps.random));
      const username = (await findAccountProfile(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: context.csrf,
        errors,
        action: flow.authenticatorPath,
        fields: flow.fields(context),
        back: flow.backPath(context),
        otherPath: flow.otherPath(context, flow.passkeyPath),
        key: toBase32Key(key),
        address: toOtpauthUri(key, { issuer: deps.brandName, username }),
        username,
      };
      return deps.pages.authenticator(page, context.pageContext);
    },
    async submit(context) {
      const { request, user, form, pageContext } = context;
      const code = singleValue(form['code']) ?? '';
      const confirmed = await deps.db.transaction(async (tx) => {
        if (!(await flow.mayAdd(tx, user.accountId))) return false;
        if (!(await confirmAuthenticator({ ...deps, db: tx }, user, code, deps.clock.now()))) return false;
        await changes.recordChange(tx, request, user.accountId, 'app-added');
        return true;
      });
      if (confirmed) return { to: await flow.added(context, 'authenticator-app') };
      return { errors: [{ field: 'code', message: getMessages(pageContext.language).signIn.errors.code }] };
    },
  };
}

/** Form handler that adds a passkey. */
export function addPasskeyHandler<User extends FactorOwner>(
  deps: IdentityDeps,
  changes: CredentialChanges,
  flow: AddFactorFlow<User>,
): FormHandler<User> {
  return {
    path: flow.passkeyPath,
    async render(context, errors) {
      const { accountId, displayName } = context.user;
      const username = (await findAccountProfile(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: context.csrf,
        errors,
        action: flow.passkeyPath,
        fields: flow.fields(context),
        back: flow.backPath(context),
        otherPath: flow.otherPath(context, flow.authenticatorPath),
        options: await deps.passkeys.additionalRegistrationOptions(accountId, { username, displayName }),
      };
      return deps.pages.passkey(page, context.pageContext);
    },
    async submit(context) {
      const { request, user, pageContext } = context;
      const added = await addVerifiedPasskey(deps, changes, flow, context).catch(falseIfDenied);
      if (added) return { to: await flow.added(context, 'passkey') };
      request.log.debug({ passkey: 'refused', account: user.accountId });
      return { errors: [{ field: 'main', message: getMessages(pageContext.language).signIn.errors.passkey }] };
    },
  };
}

async function addVerifiedPasskey(
  deps: IdentityDeps,
  changes: CredentialChanges,
  { mayAdd }: Pick<AddFactorFlow<FactorOwner>, 'mayAdd'>,
  { request, user: { accountId }, pageContext, form }: FormContext<FactorOwner>,
): Promise<boolean> {
  const passkey = await deps.passkeys.verifyRegistration(singleValue(form['passkey']) ?? '', accountId);
  const name =
    describeDevice(request.headers['user-agent']) ?? getMessages(pageContext.language).security.passkeys.unnamed;
  return deps.db.transaction(async (tx) => {
    if (!(await mayAdd(tx, accountId)) || !(await deps.passkeys.savePasskey(tx, accountId, passkey, name)))
      return false;
    await changes.recordChange(tx, request, accountId, 'passkey-added');
    return true;
  });
}

function falseIfDenied(error: unknown): false {
  if (requireProblem(error).code === 'access_denied') return false;
  throw error;
}
