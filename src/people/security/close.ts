import type { FastifyInstance } from 'fastify';
import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { minuteOf, wordsIn } from '../../words/index.ts';
import type { Act } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { removeAuthenticator } from '../factors/authenticator.ts';
import { removeCodes } from '../factors/recovery-codes.ts';
import { single } from '../form.ts';
import { forgetBrowsers } from '../known-browser.ts';
import { endLinksOf } from '../links/store.ts';
import { removePasskeys } from '../passkeys/store.ts';
import { endSessionsOf } from '../session.ts';
import { lockFactors } from './lock-factors.ts';
import { SECURITY_PATH } from './paths.ts';
import type { SignedInHere } from './place.ts';

const PATH = `${SECURITY_PATH}/close`;
const DONE = '/account-closed';

/** The row stays for the audit log. Its username is changed to one that no one can choose or sign in with. */
const close = statement(
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
const endJobs = statement('people.account.end-jobs', {}, 'delete from staff where account_id = $1');

/** Ends everything that an account gives access to: sessions, apps, represented records and all ways to sign in. */
async function closeAccount(tx: Executor, deps: PeopleDeps, accountId: AccountId): Promise<void> {
  const now = deps.clock.now();
  await deps.endAccessOf(tx, accountId);
  await tx.query(endRepresentations, [accountId, now]);
  await tx.query(endJobs, [accountId]);
  await endSessionsOf(tx, accountId);
  await endLinksOf(tx, accountId, now);
  await removePasskeys(tx, accountId);
  await removeAuthenticator(tx, accountId);
  await removeCodes(tx, accountId);
  await forgetBrowsers(tx, accountId);
  await tx.query(close, [accountId, now]);
}

export function closeAct(deps: PeopleDeps, changes: Changes): Act<SignedInHere> {
  return {
    path: PATH,
    page({ csrf, pageContext, user }, errors) {
      const page = { csrf, errors, action: PATH, fields: {}, back: SECURITY_PATH };
      return deps.pages.close({ ...page, kind: user.kind }, pageContext);
    },
    async act({ request, reply, user: { accountId }, form, pageContext }) {
      if (single(form['sure']) !== 'yes')
        return { errors: [{ field: 'sure', message: wordsIn(pageContext.language).security.close.sureFault }] };
      const stranded = await deps.db.transaction(async (tx) => {
        if (!(await lockFactors(tx, accountId))) return [];
        const organisations = await deps.leaveOrganisations(tx, accountId);
        if (organisations.length > 0) return organisations;
        const now = deps.clock.now();
        // Sent before the account is closed, because closing it removes its address.
        await changes.tell(tx, accountId, (mail, { kind, language, timeZone }) => {
          const record = kind !== 'developer';
          return mail.closed({ at: minuteOf(language, now, timeZone), whom: mail.whom[kind], record });
        });
        await closeAccount(tx, deps, accountId);
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.recordWithin(tx, { ...event, detail: { action: 'close' } });
        return [];
      });
      if (stranded.length > 0) {
        const { close } = wordsIn(pageContext.language).security;
        return { errors: [{ field: 'sure', message: close.stranded(stranded.join(', ')) }] };
      }
      deps.cookies.clearSession(reply);
      return { to: DONE };
    },
  };
}

/** The confirmation page doesn't require sign-in, because closing the account has ended the session. */
export function closedRoutes(app: FastifyInstance, deps: PeopleDeps): void {
  app.get(DONE, async (request, reply) => {
    const pageContext = deps.framing.plain(request);
    const { doneTitle, done, again } = wordsIn(pageContext.language).security.close;
    const page = deps.pages.message({ title: doneTitle, text: [done, again], links: [] }, pageContext);
    return reply.type('text/html; charset=utf-8').send(page);
  });
}
