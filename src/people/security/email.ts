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
/** Nobody writes to the whole world through us. */
const ASKED: Limit = { most: 5, window: hours(1) };

/**
 * A new address is not kept before its owner has answered from it. Whoever has it already is told, and whoever asked is
 * told the same in either case: nobody learns here which addresses have accounts.
 */
export function emailAct(deps: PeopleDeps, changes: Changes): Act<SignedInHere> {
  return {
    path: PATH,
    async page({ csrf, frame, form, who }, faults) {
      const { title, lead, addTitle, addLead, field, addField, button } = wordsIn(frame.language).security.email;
      const isFirst = (await findPerson(deps.db, who.accountId))?.email === undefined;
      const words = isFirst ? { title: addTitle, lead: addLead, field: addField } : { title, lead, field };
      const page = { csrf, faults, action: PATH, fields: {}, back: SECURITY_PATH, ...words, button };
      return deps.pages.email({ ...page, email: single(form['email']) ?? '' }, frame);
    },
    async act({ request, who: { accountId, kind }, form, frame }) {
      const words = wordsIn(frame.language).signIn.faults;
      const email = foldedEmail(single(form['email']) ?? '');
      if (email === undefined) return { faults: [{ field: 'email', message: words.email }] };
      const person = await findPerson(deps.db, accountId);
      if (person?.email === email) return { faults: [{ field: 'email', message: words.sameEmail }] };
      const wait = await waitOf(deps, accountId);
      if (wait !== undefined) return { faults: [{ field: 'email', message: words.tooManyMails(wait) }] };
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

/** Sends the link to the address that was given last once more. It changes nothing, so no proof is asked for. */
export function confirmAgainAct(deps: PeopleDeps): Act<SignedInHere> {
  const path = `${PATH}/confirm`;
  return {
    path,
    async page({ csrf, frame, who: { accountId } }, faults) {
      const { againTitle, againLead, againNone, again } = wordsIn(frame.language).security.email;
      const email = (await findPerson(deps.db, accountId))?.unconfirmedEmail;
      if (email === undefined)
        return deps.pages.message(
          { title: againNone, text: [], ways: [{ path: SECURITY_PATH, text: wordsIn(frame.language).security.title }] },
          frame,
        );
      const page = { csrf, faults, action: path, fields: {}, back: SECURITY_PATH };
      return deps.pages.question({ ...page, title: againTitle, text: [againLead(email)], button: again }, frame);
    },
    async act({ request, who: { accountId, kind }, frame }) {
      const email = (await findPerson(deps.db, accountId))?.unconfirmedEmail;
      if (email === undefined) return { to: SECURITY_PATH };
      const wait = await waitOf(deps, accountId);
      const { tooManyMails } = wordsIn(frame.language).signIn.faults;
      if (wait !== undefined) return { faults: [{ field: 'email', message: tooManyMails(wait) }] };
      await deps.db.transaction(async (tx) => {
        await askToConfirmEmail(tx, deps, { accountId, kind, email });
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.recordWithin(tx, { ...event, detail: { action: 'email-asked' } });
      });
      return { to: doneAt('email-asked') };
    },
  };
}

/** Minutes until another mail may be asked for; undefined: now. */
async function waitOf({ db, clock }: PeopleDeps, accountId: AccountId): Promise<number | undefined> {
  const over = await countOver(db, clock, `email-asked\u0000${accountId}`, ASKED);
  return over && Math.ceil((over.until.getTime() - clock.now().getTime()) / 60_000);
}
