import { getMessages } from '../../i18n/index.ts';
import { type AccountProfile, findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { passwordErrorMessage, singleValue } from '../forms/form-fields.ts';
import type { FormContext, FormHandler } from '../forms/form-handlers.ts';
import { endLinks } from '../links/one-time-links.ts';
import { setPassword } from '../passwords/password.ts';
import { MIN_PASSWORD_LENGTH, validatePassword } from '../passwords/validate-password.ts';
import { endOtherSessions } from '../sessions/session.ts';
import { resetCodeLimit } from '../sign-in/code-limit.ts';
import type { CurrentSession } from './page-guards.ts';
import { overviewPath, SECURITY_PATH } from './paths.ts';

const PATH = `${SECURITY_PATH}/password`;

/**
 * Changes the password. Also ends the account's other sessions and all unused one-time links, because someone who knew
 * the old password may have started or requested them.
 */
export function changePasswordHandler(deps: IdentityDeps, changes: CredentialChanges): FormHandler<CurrentSession> {
  const requireProfile = async ({ user }: FormContext<CurrentSession>): Promise<AccountProfile> => {
    const person = await findAccountProfile(deps.db, user.accountId);
    if (person === undefined) throw new Error('a session without an account');
    return person;
  };
  return {
    path: PATH,
    async render(context, errors) {
      const { username } = await requireProfile(context);
      const { title, lead, button } = getMessages(context.pageContext.language).security.password;
      const page = {
        csrf: context.csrf,
        errors,
        action: PATH,
        fields: {},
        back: SECURITY_PATH,
        username,
        minLength: MIN_PASSWORD_LENGTH,
      };
      return deps.pages.newPassword({ ...page, title, lead: [lead], button }, context.pageContext);
    },
    async submit(context) {
      const { request, user, form, pageContext } = context;
      const password = singleValue(form['password']) ?? '';
      const errors = validatePassword(password, await requireProfile(context));
      if (errors.length > 0)
        return {
          errors: errors.map((error) => ({
            field: 'password',
            message: passwordErrorMessage(error, pageContext.language),
          })),
        };
      const { accountId, sessionId } = user;
      await deps.db.transaction(async (tx) => {
        await setPassword(tx, accountId, password, deps.passwordCost);
        await endOtherSessions(tx, accountId, sessionId);
        await endLinks(tx, accountId, deps.clock.now());
        await resetCodeLimit(tx, accountId);
        await changes.recordChange(tx, request, accountId, 'password');
      });
      return { to: overviewPath('password') };
    },
  };
}
