import { hours } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { Act } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { foldedEmail } from '../email-address.ts';
import { single } from '../form.ts';
import { makeLink } from '../links/store.ts';
import { findNamesake, findPerson } from '../person.ts';
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
    page({ csrf, frame, form }, faults) {
      const { title, lead, field, button } = wordsIn(frame.language).security.email;
      const page = { csrf, faults, action: PATH, fields: {}, back: SECURITY_PATH, title, lead, field, button };
      return deps.pages.email({ ...page, email: single(form['email']) ?? '' }, frame);
    },
    async act({ request, who: { accountId, kind }, form, frame }) {
      const words = wordsIn(frame.language).signIn.faults;
      const email = foldedEmail(single(form['email']) ?? '');
      if (email === undefined) return { faults: [{ field: 'email', message: words.email }] };
      const person = await findPerson(deps.db, accountId);
      if (person?.email === email) return { faults: [{ field: 'email', message: words.sameEmail }] };
      const over = await countOver(deps.db, deps.clock, `email-asked\u0000${accountId}`, ASKED);
      if (over !== undefined) {
        const wait = Math.ceil((over.until.getTime() - deps.clock.now().getTime()) / 60_000);
        return { faults: [{ field: 'email', message: words.tooManyMails(wait) }] };
      }
      const owner = await findNamesake(deps.db, email, kind);
      await deps.db.transaction(async (tx) => {
        const now = deps.clock.now();
        const token = await makeLink(tx, { random: deps.random, now }, { accountId, purpose: 'change-email', email });
        const link = `${deps.publicUrl}/confirm-email/${token}`;
        if (owner === undefined) await changes.tellAt(tx, email, accountId, (mail) => mail.confirmEmail({ link }));
        else await changes.tell(tx, owner.accountId, (mail) => mail.emailTaken());
        await changes.tell(tx, accountId, (mail) => mail.emailAsked({ email, whom: mail.whom[kind] }));
        const event = { kind: 'account', outcome: 'success', requestId: request.id, accountId } as const;
        await deps.audit.recordWithin(tx, { ...event, detail: { action: 'email-asked' } });
      });
      return { to: doneAt('email-asked') };
    },
  };
}
