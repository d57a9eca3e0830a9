import { wordsIn } from '../../words/index.ts';
import type { Act, Doing } from '../act.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { passwordFaultInWords, single } from '../form.ts';
import { endLinksOf } from '../links/store.ts';
import { setPassword } from '../password.ts';
import { passwordFaults, SHORTEST_PASSWORD } from '../password-faults.ts';
import { findPerson, type Person } from '../person.ts';
import { endOtherSessions } from '../session.ts';
import { forgetCodes } from '../sign-in/code-limit.ts';
import { doneAt, SECURITY_PATH } from './paths.ts';
import type { SignedInHere } from './place.ts';

const PATH = `${SECURITY_PATH}/password`;

/**
 * Changes the password. It ends the sessions elsewhere and all open links, which someone who knew the old password may
 * have opened.
 */
export function passwordAct(deps: PeopleDeps, changes: Changes): Act<SignedInHere> {
  const requireProfile = async ({ user }: Doing<SignedInHere>): Promise<Person> => {
    const person = await findPerson(deps.db, user.accountId);
    if (person === undefined) throw new Error('a session without an account');
    return person;
  };
  return {
    path: PATH,
    async page(context, errors) {
      const { username } = await requireProfile(context);
      const { title, lead, button } = wordsIn(context.pageContext.language).security.password;
      const page = {
        csrf: context.csrf,
        errors,
        action: PATH,
        fields: {},
        back: SECURITY_PATH,
        username,
        minLength: SHORTEST_PASSWORD,
      };
      return deps.pages.newPassword({ ...page, title, lead: [lead], button }, context.pageContext);
    },
    async act(context) {
      const { request, user, form, pageContext } = context;
      const password = single(form['password']) ?? '';
      const errors = passwordFaults(password, await requireProfile(context));
      if (errors.length > 0)
        return {
          errors: errors.map((error) => ({
            field: 'password',
            message: passwordFaultInWords(error, pageContext.language),
          })),
        };
      const { accountId, sessionId } = user;
      await deps.db.transaction(async (tx) => {
        await setPassword(tx, accountId, password, deps.passwordCost);
        await endOtherSessions(tx, accountId, sessionId);
        await endLinksOf(tx, accountId, deps.clock.now());
        await forgetCodes(tx, accountId);
        await changes.changed(tx, request, accountId, 'password');
      });
      return { to: doneAt('password') };
    },
  };
}
