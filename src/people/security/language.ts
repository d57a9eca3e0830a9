import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { isLanguage, LANGUAGE_COOKIE, type Language, wordsIn } from '../../words/index.ts';
import type { Act } from '../act.ts';
import type { PeopleDeps } from '../deps.ts';
import { findPerson } from '../person.ts';
import { doneAt, SECURITY_PATH } from './paths.ts';
import type { SignedInHere } from './place.ts';

const PATH = `${SECURITY_PATH}/language`;
const ONE_YEAR = 31_536_000;

const set = statement(
  'people.language.set',
  {},
  'update account set language = $2 where account_id = $1 and not published and closed_at is null',
);

async function setLanguage(tx: Executor, accountId: AccountId, language: Language): Promise<void> {
  await tx.query(set, [accountId, language]);
}

/** Changes the language of the account's emails, and of the pages in this browser. */
export function languageAct(deps: PeopleDeps): Act<SignedInHere> {
  const secure = deps.publicUrl.startsWith('https:');
  return {
    path: PATH,
    async page({ user, csrf, pageContext }, errors) {
      const language = (await findPerson(deps.db, user.accountId))?.language ?? 'en';
      const page = { csrf, errors, action: PATH, fields: {}, back: SECURITY_PATH };
      return deps.pages.language({ ...page, language }, pageContext);
    },
    async act({ request, reply, user, form, pageContext }) {
      const { language } = form;
      if (!isLanguage(language))
        return { errors: [{ field: 'language', message: wordsIn(pageContext.language).signIn.faults.choose }] };
      const { accountId } = user;
      await deps.db.transaction(async (tx) => {
        await setLanguage(tx, accountId, language);
        const detail = { action: 'language', language };
        await deps.audit.recordWithin(tx, {
          kind: 'account',
          outcome: 'success',
          requestId: request.id,
          accountId,
          detail,
        });
      });
      reply.setCookie(LANGUAGE_COOKIE, language, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure,
        maxAge: ONE_YEAR,
      });
      return { to: doneAt('language') };
    },
  };
}
