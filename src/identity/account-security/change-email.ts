import { getMessages } from '../../i18n/index.ts';
import { type AccountId, hours, parseEmailAddress } from '../../kernel/index.ts';
import { countUse, type SharedRateLimit } from '../../rate-limit/index.ts';
import { findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { singleValue } from '../forms/form-fields.ts';
import type { FormHandler } from '../forms/form-handlers.ts';
import { requestEmailConfirmation } from '../links/email-confirmation.ts';
import type { CurrentSession } from './page-guards.ts';
import { overviewPath, SECURITY_PATH } from './paths.ts';

const PATH = `${SECURITY_PATH}/email`;
/** Limits the confirmation emails that one account can request, because they may go to addresses of other people. */
const EMAIL_REQUEST_LIMIT: SharedRateLimit = { max: 5, window: hours(1), name: 'email-asked' };

/**
 * Changes the email address of an account. The new address is stored only after its owner confirms it. If another
 * account has the address, the owner of that account is informed. The person who entered the address sees the same
 * message in both cases, and therefore can't find out which addresses have accounts.
 */
export function changeEmailHandler(deps: IdentityDeps, changes: CredentialChanges): FormHandler<CurrentSession> {
  return {
    path: PATH,
    async render({ csrf, pageContext, form, user }, errors) {
      const { title, lead, addTitle, addLead, field, addField, button } = getMessages(pageContext.language).security
        .email;
      const isFirst = (await findAccountProfile(deps.db, user.accountId))?.email === undefined;
      const messages = isFirst ? { title: addTitle, lead: addLead, field: addField } : { title, lead, field };
      const page = { csrf, errors, action: PATH, fields: {}, back: SECURITY_PATH, ...messages, button };
      return deps.pages.email({ ...page, email: singleValue(form['email']) ?? '' }, pageContext);
    },
    async submit({ request, user: { accountId, kind }, form, pageContext }) {
      const messages = getMessages(pageContext.language).signIn.errors;
      const email = parseEmailAddress(singleValue(form['email']) ?? '');
      if (email === undefined) return { errors: [{ field: 'email', message: messages.email }] };
      const person = await findAccountProfile(deps.db, accountId);
      if (person?.email === email) return { errors: [{ field: 'email', message: messages.sameEmail }] };
      const minutesToWait = await minutesUntilAllowed(deps, accountId);
      if (minutesToWait !== undefined)
        return { errors: [{ field: 'email', message: messages.tooManyEmails(minutesToWait) }] };
      await deps.db.transaction(async (tx) => {
        await requestEmailConfirmation(tx, deps, { accountId, kind, email });
        await changes.send(tx, accountId, (mail) => mail.emailAsked({ email, whom: mail.helpContacts[kind] }));
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'email-asked' } });
      });
      return { to: overviewPath('email-asked') };
    },
  };
}

/**
 * Sends the confirmation link to the last entered address again. The resend doesn't change the account, so it doesn't
 * require a recent authentication.
 */
export function resendConfirmationHandler(deps: IdentityDeps): FormHandler<CurrentSession> {
  const path = `${PATH}/confirm`;
  return {
    path,
    async render({ csrf, pageContext, user: { accountId } }, errors) {
      const { againTitle, againLead, againNone, again } = getMessages(pageContext.language).security.email;
      const email = (await findAccountProfile(deps.db, accountId))?.unconfirmedEmail;
      if (email === undefined)
        return deps.pages.message(
          {
            title: againNone,
            text: [],
            links: [{ path: SECURITY_PATH, text: getMessages(pageContext.language).security.title }],
          },
          pageContext,
        );
      const page = { csrf, errors, action: path, fields: {}, back: SECURITY_PATH };
      return deps.pages.question({ ...page, title: againTitle, text: [againLead(email)], button: again }, pageContext);
    },
    async submit({ request, user: { accountId, kind }, pageContext }) {
      const email = (await findAccountProfile(deps.db, accountId))?.unconfirmedEmail;
      if (email === undefined) return { to: SECURITY_PATH };
      const minutesToWait = await minutesUntilAllowed(deps, accountId);
      const { tooManyEmails } = getMessages(pageContext.language).signIn.errors;
      if (minutesToWait !== undefined) return { errors: [{ field: 'email', message: tooManyEmails(minutesToWait) }] };
      await deps.db.transaction(async (tx) => {
        await requestEmailConfirmation(tx, deps, { accountId, kind, email });
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'email-asked' } });
      });
      return { to: overviewPath('email-asked') };
    },
  };
}

/**
 * Counts one confirmation email of the account against `EMAIL_REQUEST_LIMIT`. Returns the minutes to wait if the limit
 * is exceeded, and `undefined` if the email may be sent.
 */
async function minutesUntilAllowed(deps: IdentityDeps, accountId: AccountId): Promise<number | undefined> {
  const exceeded = await countUse(deps, EMAIL_REQUEST_LIMIT, accountId);
  return exceeded && Math.ceil(exceeded.retryAfter / 60);
}
