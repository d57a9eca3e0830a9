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
  fields(doing: Doing<User>): Readonly<Record<string, string>>;
  back(doing: Doing<User>): string;
  /** Path to the other kind of factor; `undefined` where the page doesn't offer it. */
  other(doing: Doing<User>, path: string): string | undefined;
  /** Checks, first in the transaction that adds the factor, whether it may still be added. */
  mayAdd(tx: Executor, accountId: AccountId): Promise<boolean>;
  /** Finishes the flow. @returns the path to go to */
  added(doing: Doing<User>, by: Proof): Promise<string>;
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
    async page(doing, faults) {
      const { accountId } = doing.who;
      const key = await beginAuthenticator(deps.db, doing.who, newKey(deps.random));
      const username = (await findPerson(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: doing.csrf,
        faults,
        action: flow.authenticatorPath,
        fields: flow.fields(doing),
        back: flow.back(doing),
        otherPath: flow.other(doing, flow.passkeyPath),
        key: keyText(key),
        address: keyAddress(key, { issuer: deps.brandName, username }),
        username,
      };
      return deps.pages.authenticator(page, doing.frame);
    },
    async act(doing) {
      const { request, who, form, frame } = doing;
      const code = single(form['code']) ?? '';
      const confirmed = await deps.db.transaction(async (tx) => {
        if (!(await flow.mayAdd(tx, who.accountId))) return false;
        if (!(await confirmAuthenticator(tx, who, code, deps.clock.now()))) return false;
        await changes.changed(tx, request, who.accountId, 'app-added');
        return true;
      });
      if (confirmed) return { to: await flow.added(doing, 'authenticator-app') };
      return { faults: [{ field: 'code', message: wordsIn(frame.language).signIn.faults.code }] };
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
    async page(doing, faults) {
      const { accountId, displayName } = doing.who;
      const username = (await findPerson(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: doing.csrf,
        faults,
        action: flow.passkeyPath,
        fields: flow.fields(doing),
        back: flow.back(doing),
        otherPath: flow.other(doing, flow.authenticatorPath),
        options: await deps.passkeys.optionsToAdd(accountId, { username, displayName }),
      };
      return deps.pages.passkey(page, doing.frame);
    },
    async act(doing) {
      const { request, who, frame } = doing;
      const added = await addVerifiedPasskey(deps, changes, flow, doing).catch(falseIfDenied);
      if (added) return { to: await flow.added(doing, 'passkey') };
      request.log.debug({ passkey: 'refused', account: who.accountId });
      return { faults: [{ field: 'main', message: wordsIn(frame.language).signIn.faults.passkey }] };
    },
  };
}

async function addVerifiedPasskey(
  deps: PeopleDeps,
  changes: Changes,
  { mayAdd }: Pick<AddingPlace<Adder>, 'mayAdd'>,
  { request, who: { accountId }, frame, form }: Doing<Adder>,
): Promise<boolean> {
  const passkey = await deps.passkeys.verifyRegistration(single(form['passkey']) ?? '', accountId);
  const name = deviceOf(request.headers['user-agent']) ?? wordsIn(frame.language).security.passkeys.unnamed;
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
