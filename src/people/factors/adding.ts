import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { Act, Doing } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { deviceOf } from '../device.ts';
import type { Proof } from '../entrance.ts';
import { problemIn, single } from '../form.ts';
import { findPerson } from '../person.ts';
import { beginAuthenticator, confirmAuthenticator } from './authenticator.ts';
import { keyAddress, keyText, newKey } from './totp.ts';

/** A signed-in user, or a pending sign-in, whose account may get another authentication factor. */
export interface Adder {
  readonly accountId: AccountId;
  readonly sessionId: string;
  readonly displayName: string;
}

/**
 * Describes the flow in which a factor is added: the set-up at a staff member's first sign-in, or the account security
 * pages.
 */
export interface AddingPlace<User extends Adder> {
  readonly passkeyPath: string;
  readonly authenticatorPath: string;
  /** Hidden fields that the forms carry along. */
  fields(context: Doing<User>): Readonly<Record<string, string>>;
  back(context: Doing<User>): string;
  /** Path to the other kind of factor; `undefined` where the page doesn't offer it. */
  other(context: Doing<User>, path: string): string | undefined;
  /** Checks, first in the transaction that adds the factor, whether it may still be added. */
  mayAdd(tx: Executor, accountId: AccountId): Promise<boolean>;
  /** Finishes the flow. @returns the path to go to */
  added(context: Doing<User>, by: Proof): Promise<string>;
}

/**
 * Form handler that adds an authenticator app (RFC 6238). The new key becomes the account's only when the person enters
 * a valid code of it.
 */
export function addAuthenticatorAct<User extends Adder>(
  deps: PeopleDeps,
  changes: Changes,
  flow: AddingPlace<User>,
): Act<User> {
  return {
    path: flow.authenticatorPath,
    async page(context, errors) {
      const { accountId } = context.user;
      const key = await beginAuthenticator(deps.db, context.user, newKey(deps.random));
      const username = (await findPerson(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: context.csrf,
        errors,
        action: flow.authenticatorPath,
        fields: flow.fields(context),
        back: flow.back(context),
        otherPath: flow.other(context, flow.passkeyPath),
        key: keyText(key),
        address: keyAddress(key, { issuer: deps.brandName, username }),
        username,
      };
      return deps.pages.authenticator(page, context.pageContext);
    },
    async act(context) {
      const { request, user, form, pageContext } = context;
      const code = single(form['code']) ?? '';
      const confirmed = await deps.db.transaction(async (tx) => {
        if (!(await flow.mayAdd(tx, user.accountId))) return false;
        if (!(await confirmAuthenticator(tx, user, code, deps.clock.now()))) return false;
        await changes.changed(tx, request, user.accountId, 'app-added');
        return true;
      });
      if (confirmed) return { to: await flow.added(context, 'authenticator-app') };
      return { errors: [{ field: 'code', message: wordsIn(pageContext.language).signIn.faults.code }] };
    },
  };
}

/** Form handler that adds a passkey. */
export function addPasskeyAct<User extends Adder>(
  deps: PeopleDeps,
  changes: Changes,
  flow: AddingPlace<User>,
): Act<User> {
  return {
    path: flow.passkeyPath,
    async page(context, errors) {
      const { accountId, displayName } = context.user;
      const username = (await findPerson(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: context.csrf,
        errors,
        action: flow.passkeyPath,
        fields: flow.fields(context),
        back: flow.back(context),
        otherPath: flow.other(context, flow.authenticatorPath),
        options: await deps.passkeys.optionsToAdd(accountId, { username, displayName }),
      };
      return deps.pages.passkey(page, context.pageContext);
    },
    async act(context) {
      const { request, user, pageContext } = context;
      const added = await addVerifiedPasskey(deps, changes, flow, context).catch(falseIfDenied);
      if (added) return { to: await flow.added(context, 'passkey') };
      request.log.debug({ passkey: 'refused', account: user.accountId });
      return { errors: [{ field: 'main', message: wordsIn(pageContext.language).signIn.faults.passkey }] };
    },
  };
}

async function addVerifiedPasskey(
  deps: PeopleDeps,
  changes: Changes,
  { mayAdd }: Pick<AddingPlace<Adder>, 'mayAdd'>,
  { request, user: { accountId }, pageContext, form }: Doing<Adder>,
): Promise<boolean> {
  const passkey = await deps.passkeys.verifyRegistration(single(form['passkey']) ?? '', accountId);
  const name = deviceOf(request.headers['user-agent']) ?? wordsIn(pageContext.language).security.passkeys.unnamed;
  return deps.db.transaction(async (tx) => {
    if (!(await mayAdd(tx, accountId)) || !(await deps.passkeys.keepPasskey(tx, accountId, passkey, name)))
      return false;
    await changes.changed(tx, request, accountId, 'passkey-added');
    return true;
  });
}

function falseIfDenied(error: unknown): false {
  if (problemIn(error).code === 'access_denied') return false;
  throw error;
}
