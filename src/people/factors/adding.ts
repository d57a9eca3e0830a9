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

/** Somebody whose account may get another way in. */
export interface Adder {
  readonly accountId: AccountId;
  readonly sessionId: string;
  readonly displayName: string;
}

/** Where it is added: when staff sign in for the first time, or among the pages of an account. */
export interface AddingPlace<Who extends Adder> {
  readonly passkeyPath: string;
  readonly authenticatorPath: string;
  /** Fields that forms carry along. */
  fields(doing: Doing<Who>): Readonly<Record<string, string>>;
  back(doing: Doing<Who>): string;
  /** Where to do the other thing instead; undefined where that is no choice. */
  other(doing: Doing<Who>, path: string): string | undefined;
  /** Within the transaction that adds it, and first of all: whether it may be added still. */
  mayAdd(tx: Executor, accountId: AccountId): Promise<boolean>;
  /** @returns the path to go to */
  added(doing: Doing<Who>, by: Proof): Promise<string>;
}

/** An authenticator app: RFC 6238. The key is the account's when a code of it was shown, and not before. */
export function addAuthenticatorAct<Who extends Adder>(
  deps: PeopleDeps,
  changes: Changes,
  place: AddingPlace<Who>,
): Act<Who> {
  return {
    path: place.authenticatorPath,
    async page(doing, faults) {
      const { accountId } = doing.who;
      const key = await beginAuthenticator(deps.db, doing.who, newKey(deps.random));
      const username = (await findPerson(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: doing.csrf,
        faults,
        action: place.authenticatorPath,
        fields: place.fields(doing),
        back: place.back(doing),
        otherPath: place.other(doing, place.passkeyPath),
        key: keyText(key),
        address: keyAddress(key, { issuer: deps.brandName, username }),
        username,
      };
      return deps.pages.authenticator(page, doing.frame);
    },
    async act(doing) {
      const { request, who, form, frame } = doing;
      const code = single(form['code']) ?? '';
      const right = await deps.db.transaction(async (tx) => {
        if (!(await place.mayAdd(tx, who.accountId))) return false;
        if (!(await confirmAuthenticator(tx, who, code, deps.clock.now()))) return false;
        await changes.changed(tx, request, who.accountId, 'app-added');
        return true;
      });
      if (right) return { to: await place.added(doing, 'authenticator-app') };
      return { faults: [{ field: 'code', message: wordsIn(frame.language).signIn.faults.code }] };
    },
  };
}

export function addPasskeyAct<Who extends Adder>(
  deps: PeopleDeps,
  changes: Changes,
  place: AddingPlace<Who>,
): Act<Who> {
  return {
    path: place.passkeyPath,
    async page(doing, faults) {
      const { accountId, displayName } = doing.who;
      const username = (await findPerson(deps.db, accountId))?.username ?? '';
      const page = {
        csrf: doing.csrf,
        faults,
        action: place.passkeyPath,
        fields: place.fields(doing),
        back: place.back(doing),
        otherPath: place.other(doing, place.authenticatorPath),
        options: await deps.passkeys.optionsToAdd(accountId, { username, displayName }),
      };
      return deps.pages.passkey(page, doing.frame);
    },
    async act(doing) {
      const { request, who, frame } = doing;
      const kept = await keep(deps, changes, place, doing).catch(isRefused);
      if (kept) return { to: await place.added(doing, 'passkey') };
      request.log.debug({ passkey: 'refused', account: who.accountId });
      return { faults: [{ field: 'main', message: wordsIn(frame.language).signIn.faults.passkey }] };
    },
  };
}

async function keep(
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

function isRefused(error: unknown): false {
  if (problemIn(error).code === 'access_denied') return false;
  throw error;
}
