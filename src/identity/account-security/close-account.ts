import type { FastifyInstance } from 'fastify';
import { formatLongDateTime, getMessages } from '../../i18n/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { closeAccount } from '../accounts/close-account.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { singleValue } from '../forms/form-fields.ts';
import type { FormHandler } from '../forms/form-handlers.ts';
import { lockFactors } from './lock-factors.ts';
import type { CurrentSession } from './page-guards.ts';
import { SECURITY_PATH } from './paths.ts';

const PATH = `${SECURITY_PATH}/close`;
const DONE = '/account-closed';

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
        await closeAccount(tx, { now, endAppAccess: deps.endAppAccess }, accountId);
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'close' } });
        return [];
      });
      if (stranded.length > 0) {
        const { close } = getMessages(pageContext.language).security;
        return { errors: [{ field: 'sure', message: close.stranded(stranded.join(', ')) }] };
      }
      deps.cookies.clearSessionAndStorage(reply);
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
