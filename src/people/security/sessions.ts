import { isUuid, Problem } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { Act, Doing } from '../act.ts';
import type { PeopleDeps } from '../deps.ts';
import { single } from '../form.ts';
import { endOtherSessions, endSessionById, listSessions } from '../session.ts';
import { doneAt, SECURITY_PATH } from './paths.ts';
import type { SignedInHere } from './place.ts';

const END = `${SECURITY_PATH}/sessions/end`;
const END_OTHERS = `${SECURITY_PATH}/sessions/end-others`;

type SessionPageContext = Doing<SignedInHere>;

/**
 * Form handlers that sign the account out elsewhere. Online access of apps that depends on those sessions ends with
 * them.
 */
export function sessionActs(deps: PeopleDeps): readonly Act<SignedInHere>[] {
  const signOutEvent = ({ request, user: { accountId } }: SessionPageContext, detail: Record<string, unknown>) =>
    ({ kind: 'sign-out', outcome: 'success', requestId: request.id, accountId, detail }) as const;

  const one: Act<SignedInHere> = {
    path: END,
    async page(context) {
      const id = single(context.query['id']) ?? single(context.form['id']) ?? '';
      const all = await listSessions(deps.db, context.user, deps.clock.now());
      const session = all.find(({ session_id }) => session_id === id);
      if (session === undefined) throw notFound();
      const { endTitle, endButton, device, unknown } = wordsIn(context.pageContext.language).security.sessions;
      const text = [session.device === null ? unknown : device(session.device)];
      const page = { csrf: context.csrf, errors: [], action: END, fields: { id }, back: SECURITY_PATH };
      return deps.pages.question({ ...page, title: endTitle, text, button: endButton }, context.pageContext);
    },
    async act(context) {
      const id = single(context.form['id']) ?? '';
      await deps.db.transaction(async (tx) => {
        if (!isUuid(id) || !(await endSessionById(tx, context.user.accountId, id))) throw notFound();
        await deps.audit.recordWithin(tx, signOutEvent(context, { from: 'elsewhere' }));
      });
      return { to: doneAt('signed-out') };
    },
  };

  const others: Act<SignedInHere> = {
    path: END_OTHERS,
    page(context) {
      const { endOthersTitle, endOthersLead, endOthersButton } = wordsIn(context.pageContext.language).security
        .sessions;
      const page = { csrf: context.csrf, errors: [], action: END_OTHERS, fields: {}, back: SECURITY_PATH };
      const messages = { title: endOthersTitle, text: [endOthersLead], button: endOthersButton };
      return deps.pages.question({ ...page, ...messages }, context.pageContext);
    },
    async act(context) {
      await deps.db.transaction(async (tx) => {
        const sessions = await endOtherSessions(tx, context.user.accountId, context.user.sessionId);
        await deps.audit.recordWithin(tx, signOutEvent(context, { from: 'elsewhere', sessions }));
      });
      return { to: doneAt('others-signed-out') };
    },
  };
  return [one, others];
}

const notFound = (): Problem =>
  new Problem('not-found', { status: 404, message: 'Your account is not signed in there, or not any more.' });
