import { type Executor, statement } from '../../database/index.ts';
import { getMessages, isLanguage, type Language, languageCookie } from '../../i18n/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { FormHandler } from '../forms/form-handlers.ts';
import type { CurrentSession } from './page-guards.ts';
import { overviewPath, SECURITY_PATH } from './paths.ts';

const PATH = `${SECURITY_PATH}/language`;

const updateLanguage = statement(
  'people.language.set',
  {},
  'update account set language = $2 where account_id = $1 and not published and closed_at is null',
);

async function setLanguage(tx: Executor, accountId: AccountId, language: Language): Promise<void> {
  await tx.query(updateLanguage, [accountId, language]);
}

/** Changes the language of the account's emails, and of the pages in the current browser. */
export function changeLanguageHandler(deps: IdentityDeps): FormHandler<CurrentSession> {
  const secure = deps.publicUrl.startsWith('https:');
  return {
    path: PATH,
    async render({ user, csrf, pageContext }, errors) {
      const language = (await findAccountProfile(deps.db, user.accountId))?.language ?? 'en';
      const page = { csrf, errors, action: PATH, fields: {}, back: SECURITY_PATH };
      return deps.pages.language({ ...page, language }, pageContext);
    },
    async submit({ request, reply, user, form, pageContext }) {
      const { language } = form;
      if (!isLanguage(language))
        return { errors: [{ field: 'language', message: getMessages(pageContext.language).signIn.errors.noChoice }] };
      const { accountId } = user;
      await deps.db.transaction(async (tx) => {
        await setLanguage(tx, accountId, language);
        const detail = { action: 'language', language };
        await deps.audit.appendInTransaction(tx, {
          kind: 'account',
          outcome: 'success',
          requestId: request.id,
          accountId,
          detail,
        });
      });
      reply.setCookie(...languageCookie(language, secure));
      return { to: overviewPath('language') };
    },
  };
}
