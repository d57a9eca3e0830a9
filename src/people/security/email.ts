import { type AccountId, hours } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { Act } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { foldedEmail } from '../email-address.ts';
import { single } from '../form.ts';
import { askToConfirmEmail } from '../links/confirm-email.ts';
import { findPerson } from '../person.ts';
import { countOver, type Limit } from '../throttle.ts';
import { doneAt, SECURITY_PATH } from './paths.ts';
import type { SignedInHere } from './place.ts';

const PATH = `${SECURITY_PATH}/email`;
/** Limits the emails that one account can send to addresses of others. */
const ASKED: Limit = { most: 5, window: hours(1) };

/**
 * Changes the email address. The new address is stored only after its owner confirms it. If another account has it,
 * that account's owner is informed; the requester sees the same message in both cases and can't find out which
 * addresses have accounts.
 */
export function emailAct(deps: PeopleDeps, changes: Changes): Act<SignedInHere> {
  return {
    path: PATH,
    async page({ csrf, pageContext, form, user }, errors) {
      const { title, lead, addTitle, addLead, field, addField, button } = wordsIn(pageContext.language).security.email;
      const isFirst = (await findPerson(deps.db, user.accountId))?.email === undefined;
      const messages = isFirst ? { title: addTitle, lead: addLead, field: addField } : { title, lead, field };
      const page = { csrf, errors, action: PATH, fields: {}, back: SECURITY_PATH, ...messages, button };
      return deps.pages.email({ ...page, email: single(form['email']) ?? '' }, pageContext);
    },
    async act({ request, user: { accountId, kind }, form, pageContext }) {
      const messages = wordsIn(pageContext.language).signIn.faults;
      const email = foldedEmail(single(form['email']) ?? '');
      if (email === undefined) return { errors: [{ field: 'email', message: messages.email }] };
      const person = await findPerson(deps.db, accountId);
      if (person?.email === email) return { errors: [{ field: 'email', message: messages.sameEmail }] };
      const minutesToWait = await minutesUntilAllowed(deps, accountId);
      if (minutesToWait !== undefined)
        return { errors: [{ field: 'email', message: messages.tooManyMails(minutesToWait) }] };
      await deps.db.transaction(async (tx) => {
        await askToConfirmEmail(tx, deps, { accountId, kind, email });
        await changes.tell(tx, accountId, (mail) => mail.emailAsked({ email, whom: mail.whom[kind] }));
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.recordWithin(tx, { ...event, detail: { action: 'email-asked' } });
      });
      return { to: doneAt('email-asked') };
    },
  };
}

/**
 * Sends the confirmation link to the last entered address again. It changes nothing, so it doesn't require a recent
 * authentication.
 */
export function confirmAgainAct(deps: PeopleDeps): Act<SignedInHere> {
  const path = `${PATH}/confirm`;
  return {
    path,
    async page({ csrf, pageContext, user: { accountId } }, errors) {
      const { againTitle, againLead, againNone, again } = wordsIn(pageContext.language).security.email;
      const email = (await findPerson(deps.db, accountId))?.unconfirmedEmail;
      if (email === undefined)
        return deps.pages.message(
          {
            title: againNone,
            text: [],
            links: [{ path: SECURITY_PATH, text: wordsIn(pageContext.language).security.title }],
          },
          pageContext,
        );
      const page = { csrf, errors, action: path, fields: {}, back: SECURITY_PATH };
      return deps.pages.question({ ...page, title: againTitle, text: [againLead(email)], button: again }, pageContext);
    },
    async act({ request, user: { accountId, kind }, pageContext }) {
      const email = (await findPerson(deps.db, accountId))?.unconfirmedEmail;
      if (email === undefined) return { to: SECURITY_PATH };
      const minutesToWait = await minutesUntilAllowed(deps, accountId);
      const { tooManyMails } = wordsIn(pageContext.language).signIn.faults;
      if (minutesToWait !== undefined) return { errors: [{ field: 'email', message: tooManyMails(minutesToWait) }] };
      await deps.db.transaction(async (tx) => {
        await askToConfirmEmail(tx, deps, { accountId, kind, email });
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.recordWithin(tx, { ...event, detail: { action: 'email-asked' } });
      });
      return { to: doneAt('email-asked') };
    },
  };
}

/** Minutes until another email may be requested; `undefined` if it may be now. */
async function minutesUntilAllowed({ db, clock }: PeopleDeps, accountId: AccountId): Promise<number | undefined> {
  const exceeded = await countOver(db, clock, `email-asked\u0000${accountId}`, ASKED);
  return exceeded && Math.ceil((exceeded.until.getTime() - clock.now().getTime()) / 60_000);
}
