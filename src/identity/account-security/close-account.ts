import type { FastifyInstance } from 'fastify';
import { type Executor, statement } from '../../database/index.ts';
import { formatLongDateTime, getMessages } from '../../i18n/index.ts';
import { type AccountId, sendHtml } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { removeAuthenticator } from '../factors/authenticator.ts';
import { removeRecoveryCodes } from '../factors/recovery-codes.ts';
import { singleValue } from '../forms/form-fields.ts';
import type { FormHandler } from '../forms/form-handlers.ts';
import { endLinks } from '../links/one-time-links.ts';
import { removePasskeys } from '../passkeys/passkey-store.ts';
import { forgetKnownBrowsers } from '../sessions/known-browser.ts';
import { endAllSessions } from '../sessions/session.ts';
import { lockFactors } from './lock-factors.ts';
import type { CurrentSession } from './page-guards.ts';
import { SECURITY_PATH } from './paths.ts';

const PATH = `${SECURITY_PATH}/close`;
const DONE = '/account-closed';

/**
 * Closes an account, but leaves its row in place because the audit log refers to it. Changes the username to one that
 * no one can choose or sign in with.
 */
const closeAccountRow = statement(
  'people.account.close',
  { account_id: 'uuid' },
  `update account set closed_at = $2, username = 'closed:' || account_id, email = null, unconfirmed_email = null,
     unconfirmed_since = null, password_hash = null,
     administrator = false
   where account_id = $1 and not published and closed_at is null returning account_id`,
);
const endRepresentations = statement(
  'people.account.end-representations',
  {},
  `update representation set ended_at = $2, ended_for = 'account closed' where account_id = $1 and ended_at is null`,
);
const deleteStaffPositions = statement('people.account.end-jobs', {}, 'delete from staff where account_id = $1');

/**
 * Ends all access through an account: the access of apps and to patient records, staff roles, sessions, one-time links
 * and all ways to sign in.
 */
async function closeAccount(tx: Executor, deps: IdentityDeps, accountId: AccountId): Promise<void> {
  const now = deps.clock.now();
  await deps.endAppAccess(tx, now, accountId);
  await tx.query(endRepresentations, [accountId, now]);
  await tx.query(deleteStaffPositions, [accountId]);
  await endAllSessions(tx, accountId);
  await endLinks(tx, accountId, now);
  await removePasskeys(tx, accountId);
  await removeAuthenticator(tx, accountId);
  await removeRecoveryCodes(tx, accountId);
  await forgetKnownBrowsers(tx, accountId);
  await tx.query(closeAccountRow, [accountId, now]);
}

export function closeAccountHandler(deps: IdentityDeps, changes: CredentialChanges): FormHandler<CurrentSession> {
  return {
    path: PATH,
    render({ csrf, pageContext, user }, errors) {
      const page = { csrf, errors, action: PATH, fields: {}, back: SECURITY_PATH };
      return deps.pages.close({ ...page, kind: user.kind }, pageContext);
    },
    async submit({ request, reply, user: { accountId }, form, pageContext }) {
      if (singleValue(form['sure']) !== 'yes')
        return {
          errors: [{ field: 'sure', message: getMessages(pageContext.language).security.close.confirmationMissing }],
        };
      const stranded = await deps.db.transaction(async (tx) => {
        if (!(await lockFactors(tx, accountId))) return [];
        const organisations = await deps.leaveOrganizations(tx, accountId);
        if (organisations.length > 0) return organisations;
        const now = deps.clock.now();
        // The email about the closing is queued before the account is closed, because closing removes the account's
        // email address.
        await changes.send(tx, accountId, (mail, { kind, language, timeZone }) => {
          const record = kind !== 'developer';
          return mail.closed({
            at: formatLongDateTime(language, now, timeZone),
            whom: mail.helpContacts[kind],
            record,
          });
        });
        await closeAccount(tx, deps, accountId);
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'close' } });
        return [];
      });
      if (stranded.length > 0) {
        const { close } = getMessages(pageContext.language).security;
        return { errors: [{ field: 'sure', message: close.stranded(stranded.join(', ')) }] };
      }
      deps.cookies.clearSession(reply);
      return { to: DONE };
    },
  };
}

/**
 * Registers the page that a person sees after closing their account. The page doesn't require sign-in, because closing
 * the account has ended the session.
 */
export function accountClosedRoutes(app: FastifyInstance, deps: IdentityDeps): void {
  app.get(DONE, async (request, reply) => {
    const pageContext = deps.framing.forOperator(request);
    const { doneTitle, done, again } = getMessages(pageContext.language).security.close;
    const page = deps.pages.message({ title: doneTitle, text: [done, again], links: [] }, pageContext);
    return sendHtml(reply, page);
  });
}
