import { getMessages } from '../../i18n/index.ts';
import { isUuid, Problem } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import { singleValue } from '../forms/form-fields.ts';
import type { FormContext, FormHandler } from '../forms/form-handlers.ts';
import { endOtherSessions, endSessionById, listSessions } from '../sessions/session.ts';
import type { CurrentSession } from './page-guards.ts';
import { overviewPath, SECURITY_PATH } from './paths.ts';

const END_PATH = `${SECURITY_PATH}/sessions/end`;
const END_OTHERS_PATH = `${SECURITY_PATH}/sessions/end-others`;

type SessionPageContext = FormContext<CurrentSession>;

/**
 * Form handlers that end the account's other sessions, one of them or all. Ending a session also ends the online access
 * of the apps that the user authorized in that session.
 */
export function endSessionHandlers(deps: IdentityDeps): readonly FormHandler<CurrentSession>[] {
  const signOutEvent = ({ request, user: { accountId } }: SessionPageContext, detail: Record<string, unknown>) =>
    ({ kind: 'sign-out', outcome: 'success', requestId: request.id, accountId, detail }) as const;

  const one: FormHandler<CurrentSession> = {
    path: END_PATH,
    async render(context) {
      const id = singleValue(context.query['id']) ?? singleValue(context.form['id']) ?? '';
      const all = await listSessions(deps.db, context.user, deps.clock.now());
      const session = all.find(({ session_id }) => session_id === id);
      if (session === undefined) throw notFound();
      const { endTitle, endLead, endButton, device, unknown } = getMessages(context.pageContext.language).security
        .sessions;
      const text = [session.device === null ? unknown : device(session.device), endLead];
      const page = { csrf: context.csrf, errors: [], action: END_PATH, fields: { id }, back: SECURITY_PATH };
      return deps.pages.question({ ...page, title: endTitle, text, button: endButton }, context.pageContext);
    },
    async submit(context) {
      const id = singleValue(context.form['id']) ?? '';
      await deps.db.transaction(async (tx) => {
        if (!isUuid(id) || !(await endSessionById(tx, context.user.accountId, id))) throw notFound();
        await deps.audit.appendInTransaction(tx, signOutEvent(context, { from: 'elsewhere' }));
      });
      return { to: overviewPath('signed-out') };
    },
  };

  const others: FormHandler<CurrentSession> = {
    path: END_OTHERS_PATH,
    render(context) {
      const { endOthersTitle, endOthersLead, endOthersButton } = getMessages(context.pageContext.language).security
        .sessions;
      const page = { csrf: context.csrf, errors: [], action: END_OTHERS_PATH, fields: {}, back: SECURITY_PATH };
      const messages = { title: endOthersTitle, text: [endOthersLead], button: endOthersButton };
      return deps.pages.question({ ...page, ...messages }, context.pageContext);
    },
    async submit(context) {
      await deps.db.transaction(async (tx) => {
        const sessions = await endOtherSessions(tx, context.user.accountId, context.user.sessionId);
        await deps.audit.appendInTransaction(tx, signOutEvent(context, { from: 'elsewhere', sessions }));
      });
      return { to: overviewPath('others-signed-out') };
    },
  };
  return [one, others];
}

const notFound = (): Problem =>
  new Problem('not-found', { status: 404, message: 'Your account isn’t signed in on that browser, or no longer is.' });
