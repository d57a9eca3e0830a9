import type { Executor } from '../../database/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { type Html, Problem } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { removeAuthenticator } from '../factors/authenticator.ts';
import { type Factors, findFactors } from '../factors/factors.ts';
import { removeRecoveryCodes } from '../factors/recovery-codes.ts';
import { singleValue } from '../forms/form-fields.ts';
import type { FormContext, FormHandler, FormResult } from '../forms/form-handlers.ts';
import { findPasskey, removePasskey } from '../passkeys/passkey-store.ts';
import type { QuestionPage } from '../ports.ts';
import { lockFactors } from './lock-factors.ts';
import type { CurrentSession } from './page-guards.ts';
import { overviewPath, SECURITY_PATH } from './paths.ts';

const APP_PATH = `${SECURITY_PATH}/authenticator-app/remove`;
const PASSKEY_PATH = `${SECURITY_PATH}/passkeys/remove`;

type RemovalContext = FormContext<CurrentSession>;

/**
 * Form handlers that remove a passkey or an authenticator app. They reject the removal of an account's last way to sign
 * in and of a staff member's only second factor.
 */
export function removeFactorHandlers(
  deps: IdentityDeps,
  changes: CredentialChanges,
): readonly FormHandler<CurrentSession>[] {
  const app: FormHandler<CurrentSession> = {
    path: APP_PATH,
    async render(context) {
      const factors = await findFactors(deps.db, context.user.accountId);
      if (factors?.totp !== true) throw notFound();
      const { removeTitle, removeLead, removeButton } = getMessages(context.pageContext.language).security.app;
      if (whyRequired(factors, 'app') !== undefined) return rejectionPage(context, 'text');
      return question(context, {
        action: APP_PATH,
        fields: {},
        title: removeTitle,
        text: [removeLead],
        button: removeButton,
      });
    },
    submit: (context) =>
      removeFactor(context, 'app', 'app-removed', async (tx) => {
        if (!(await removeAuthenticator(tx, context.user.accountId))) throw notFound();
        return {};
      }),
  };

  const passkey: FormHandler<CurrentSession> = {
    path: PASSKEY_PATH,
    async render(context) {
      const passkey = await ownPasskey(context);
      const factors = await findFactors(deps.db, context.user.accountId);
      const why = factors === undefined ? undefined : whyRequired(factors, 'passkey');
      if (why !== undefined) return rejectionPage(context, why);
      const { removeTitle, removeLead, removeButton } = getMessages(context.pageContext.language).security.passkeys;
      const fields = { id: passkey.id };
      const text = [removeLead];
      return question(context, {
        action: PASSKEY_PATH,
        fields,
        title: removeTitle(passkey.name),
        text,
        button: removeButton,
      });
    },
    submit: (context) =>
      removeFactor(context, 'passkey', 'passkey-removed', async (tx) => {
        const id = Buffer.from(singleValue(context.form['id']) ?? '', 'base64url');
        if ((await removePasskey(tx, context.user.accountId, id)) === undefined) throw notFound();
        // After a restore of the database, this passkey has to be removed again.
        return { passkey: id.toString('base64url') };
      }),
  };
  return [app, passkey];

  /**
   * Checks that the factor can be removed, and removes it in the same transaction. Otherwise two concurrent requests
   * could remove one factor each and leave none.
   */
  async function removeFactor(
    context: RemovalContext,
    what: 'app' | 'passkey',
    change: 'app-removed' | 'passkey-removed',
    remove: (tx: Executor) => Promise<Readonly<Record<string, unknown>>>,
  ): Promise<FormResult> {
    const { request, user } = context;
    const why = await deps.db.transaction(async (tx) => {
      await lockFactors(tx, user.accountId);
      const factors = await findFactors(tx, user.accountId);
      const reason = factors === undefined ? 'text' : whyRequired(factors, what);
      if (reason !== undefined) return reason;
      const detail = await remove(tx);
      const left = await findFactors(tx, user.accountId);
      if (left !== undefined && !left.totp && left.passkeys === 0) await removeRecoveryCodes(tx, user.accountId);
      await changes.recordChange(tx, request, user.accountId, change, detail);
      return undefined;
    });
    return why === undefined ? { to: overviewPath(change) } : { page: rejectionPage(context, why) };
  }

  async function ownPasskey({ user, query, form }: RemovalContext): Promise<{ id: string; name: string }> {
    const id = singleValue(query['id']) ?? singleValue(form['id']) ?? '';
    const found = await findPasskey(deps.db, Buffer.from(id, 'base64url'));
    if (found?.account_id !== user.accountId) throw notFound();
    return { id, name: found.name };
  }

  function question({ csrf, pageContext }: RemovalContext, page: Omit<QuestionPage, 'csrf' | 'errors' | 'back'>): Html {
    return deps.pages.question({ ...page, csrf, errors: [], back: SECURITY_PATH }, pageContext);
  }

  function rejectionPage({ pageContext }: RemovalContext, why: 'text' | 'onlySignInMethod'): Html {
    const { lastSignInMethod, back } = getMessages(pageContext.language).security;
    const links = [{ path: SECURITY_PATH, text: back }];
    return deps.pages.message({ title: lastSignInMethod.title, text: [lastSignInMethod[why]], links }, pageContext);
  }
}

/** Returns the key of the message that says why the factor can't be removed; `undefined` if it can be removed. */
function whyRequired(factors: Factors, what: 'app' | 'passkey'): 'text' | 'onlySignInMethod' | undefined {
  const passkeys = factors.passkeys - (what === 'passkey' ? 1 : 0);
  const totp = what === 'app' ? false : factors.totp;
  if (!factors.password && passkeys === 0) return 'onlySignInMethod';
  return factors.kind === 'staff' && passkeys === 0 && !totp ? 'text' : undefined;
}

const notFound = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'Your account doesn’t have this sign-in method. It may have been removed already.',
  });
