import type { Executor } from '../../database/index.ts';
import { Problem } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { Act, Doing, Outcome } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { removeAuthenticator } from '../factors/authenticator.ts';
import { type Factors, factorsOf } from '../factors/factors.ts';
import { removeCodes } from '../factors/recovery-codes.ts';
import { single } from '../form.ts';
import { findPasskey, removePasskey } from '../passkeys/store.ts';
import type { QuestionPage } from '../ports.ts';
import { lockFactors } from './lock-factors.ts';
import { doneAt, SECURITY_PATH } from './paths.ts';
import type { SignedInHere } from './place.ts';

const APP = `${SECURITY_PATH}/authenticator-app/remove`;
const PASSKEY = `${SECURITY_PATH}/passkeys/remove`;

type RemovalContext = Doing<SignedInHere>;

/**
 * Form handlers that remove a factor. The last way to sign in and the only second factor of a staff member can't be
 * removed.
 */
export function removingActs(deps: PeopleDeps, changes: Changes): readonly Act<SignedInHere>[] {
  const app: Act<SignedInHere> = {
    path: APP,
    async page(at) {
      const factors = await factorsOf(deps.db, at.who.accountId);
      if (factors?.totp !== true) throw notFound();
      const { removeTitle, removeLead, removeButton } = wordsIn(at.frame.language).security.app;
      if (whyRequired(factors, 'app') !== undefined) return rejectionPage(at, 'text');
      return question(at, { action: APP, fields: {}, title: removeTitle, text: [removeLead], button: removeButton });
    },
    act: (at) =>
      removeFactor(at, 'app', 'app-removed', async (tx) => {
        if (!(await removeAuthenticator(tx, at.who.accountId))) throw notFound();
      }),
  };

  const passkey: Act<SignedInHere> = {
    path: PASSKEY,
    async page(at) {
      const own = await ownPasskey(at);
      const factors = await factorsOf(deps.db, at.who.accountId);
      const why = factors === undefined ? undefined : whyRequired(factors, 'passkey');
      if (why !== undefined) return rejectionPage(at, why);
      const { removeTitle, removeLead, removeButton } = wordsIn(at.frame.language).security.passkeys;
      const fields = { id: own.id };
      const text = [removeLead];
      return question(at, { action: PASSKEY, fields, title: removeTitle(own.name), text, button: removeButton });
    },
    act: (at) =>
      removeFactor(at, 'passkey', 'passkey-removed', async (tx) => {
        const id = Buffer.from(single(at.form['id']) ?? '', 'base64url');
        if ((await removePasskey(tx, at.who.accountId, id)) === undefined) throw notFound();
      }),
  };
  return [app, passkey];

  /**
   * Checks that the factor can be removed and removes it in one transaction, so two concurrent requests can't remove
   * one factor each.
   */
  async function removeFactor(
    at: RemovalContext,
    what: 'app' | 'passkey',
    change: 'app-removed' | 'passkey-removed',
    remove: (tx: Executor) => Promise<void>,
  ): Promise<Outcome> {
    const { request, who } = at;
    const why = await deps.db.transaction(async (tx) => {
      await lockFactors(tx, who.accountId);
      const factors = await factorsOf(tx, who.accountId);
      const reason = factors === undefined ? 'text' : whyRequired(factors, what);
      if (reason !== undefined) return reason;
      await remove(tx);
      const left = await factorsOf(tx, who.accountId);
      if (left !== undefined && !left.totp && left.passkeys === 0) await removeCodes(tx, who.accountId);
      await changes.changed(tx, request, who.accountId, change);
      return undefined;
    });
    return why === undefined ? { to: doneAt(change) } : { page: rejectionPage(at, why) };
  }

  async function ownPasskey({ who, query, form }: RemovalContext): Promise<{ id: string; name: string }> {
    const id = single(query['id']) ?? single(form['id']) ?? '';
    const found = await findPasskey(deps.db, Buffer.from(id, 'base64url'));
    if (found?.account_id !== who.accountId) throw notFound();
    return { id, name: found.name };
  }

  function question({ csrf, frame }: RemovalContext, page: Omit<QuestionPage, 'csrf' | 'faults' | 'back'>): string {
    return deps.pages.question({ ...page, csrf, faults: [], back: SECURITY_PATH }, frame);
  }

  function rejectionPage({ frame }: RemovalContext, why: 'text' | 'onlyWay'): string {
    const { last, back } = wordsIn(frame.language).security;
    const ways = [{ path: SECURITY_PATH, text: back }];
    return deps.pages.message({ title: last.title, text: [last[why]], ways }, frame);
  }
}

/** Key of the message that says why the factor can't be removed; `undefined` if it can. */
function whyRequired(factors: Factors, what: 'app' | 'passkey'): 'text' | 'onlyWay' | undefined {
  const passkeys = factors.passkeys - (what === 'passkey' ? 1 : 0);
  const totp = what === 'app' ? false : factors.totp;
  if (!factors.password && passkeys === 0) return 'onlyWay';
  return factors.kind === 'staff' && passkeys === 0 && !totp ? 'text' : undefined;
}

const notFound = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'Your account has no such thing. It may have been removed before.',
  });
