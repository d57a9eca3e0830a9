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
    async page(context) {
      const factors = await factorsOf(deps.db, context.user.accountId);
      if (factors?.totp !== true) throw notFound();
      const { removeTitle, removeLead, removeButton } = wordsIn(context.pageContext.language).security.app;
      if (whyRequired(factors, 'app') !== undefined) return rejectionPage(context, 'text');
      return question(context, {
        action: APP,
        fields: {},
        title: removeTitle,
        text: [removeLead],
        button: removeButton,
      });
    },
    act: (context) =>
      removeFactor(context, 'app', 'app-removed', async (tx) => {
        if (!(await removeAuthenticator(tx, context.user.accountId))) throw notFound();
      }),
  };

  const passkey: Act<SignedInHere> = {
    path: PASSKEY,
    async page(context) {
      const own = await ownPasskey(context);
      const factors = await factorsOf(deps.db, context.user.accountId);
      const why = factors === undefined ? undefined : whyRequired(factors, 'passkey');
      if (why !== undefined) return rejectionPage(context, why);
      const { removeTitle, removeLead, removeButton } = wordsIn(context.pageContext.language).security.passkeys;
      const fields = { id: own.id };
      const text = [removeLead];
      return question(context, { action: PASSKEY, fields, title: removeTitle(own.name), text, button: removeButton });
    },
    act: (context) =>
      removeFactor(context, 'passkey', 'passkey-removed', async (tx) => {
        const id = Buffer.from(single(context.form['id']) ?? '', 'base64url');
        if ((await removePasskey(tx, context.user.accountId, id)) === undefined) throw notFound();
      }),
  };
  return [app, passkey];

  /**
   * Checks that the factor can be removed and removes it in one transaction, so two concurrent requests can't remove
   * one factor each.
   */
  async function removeFactor(
    context: RemovalContext,
    what: 'app' | 'passkey',
    change: 'app-removed' | 'passkey-removed',
    remove: (tx: Executor) => Promise<void>,
  ): Promise<Outcome> {
    const { request, user } = context;
    const why = await deps.db.transaction(async (tx) => {
      await lockFactors(tx, user.accountId);
      const factors = await factorsOf(tx, user.accountId);
      const reason = factors === undefined ? 'text' : whyRequired(factors, what);
      if (reason !== undefined) return reason;
      await remove(tx);
      const left = await factorsOf(tx, user.accountId);
      if (left !== undefined && !left.totp && left.passkeys === 0) await removeCodes(tx, user.accountId);
      await changes.changed(tx, request, user.accountId, change);
      return undefined;
    });
    return why === undefined ? { to: doneAt(change) } : { page: rejectionPage(context, why) };
  }

  async function ownPasskey({ user, query, form }: RemovalContext): Promise<{ id: string; name: string }> {
    const id = single(query['id']) ?? single(form['id']) ?? '';
    const found = await findPasskey(deps.db, Buffer.from(id, 'base64url'));
    if (found?.account_id !== user.accountId) throw notFound();
    return { id, name: found.name };
  }

  function question(
    { csrf, pageContext }: RemovalContext,
    page: Omit<QuestionPage, 'csrf' | 'errors' | 'back'>,
  ): string {
    return deps.pages.question({ ...page, csrf, errors: [], back: SECURITY_PATH }, pageContext);
  }

  function rejectionPage({ pageContext }: RemovalContext, why: 'text' | 'onlyWay'): string {
    const { last, back } = wordsIn(pageContext.language).security;
    const links = [{ path: SECURITY_PATH, text: back }];
    return deps.pages.message({ title: last.title, text: [last[why]], links }, pageContext);
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
