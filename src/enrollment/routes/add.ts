import type { FastifyReply } from 'fastify';
import { getMessages } from '../../i18n/index.ts';
import { requireChangeableAccount, type Session } from '../../identity/index.ts';
import { signInPath } from '../pages/account.ts';
import { addRecordPage } from '../pages/add.ts';
import { addRecordToAccount, EnrollmentCompletionError } from '../patient/complete-enrollment.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { InvitationEnded } from '../patient/opened-invitation.ts';
import { clearStepCookie } from '../patient/step-cookie.ts';
import { type InvitationRoutes, type InvitationVisit, sendPage } from './invitation-routes.ts';
import { findOpenStep, redirectToProof } from './require-step.ts';

/**
 * Registers the page for people who have an account. After the same identity questions, the record is added to that
 * account.
 */
export function addRecordRoutes(routes: InvitationRoutes, deps: EnrollmentPageDeps): void {
  routes.get('/add', async (visit) => {
    if ((await findOpenStep(deps, visit)) === undefined) return redirectToProof(deps, visit);
    const session = await deps.sessionGuard.current(visit.request);
    return session === undefined ? visit.reply.redirect(signInPath(visit.opened), 303) : page(visit, session);
  });

  routes.post('/add', async (visit) => {
    const { request, reply, opened } = visit;
    const step = await findOpenStep(deps, visit);
    if (step === undefined) return redirectToProof(deps, visit);
    const session = await deps.sessionGuard.patient(request);
    requireChangeableAccount(session);
    try {
      await addRecordToAccount(deps, opened, { ...step, accountId: session.accountId, requestId: request.id });
    } catch (error) {
      if (!(error instanceof EnrollmentCompletionError)) throw error;
      if (error.rejection === 'not-theirs') return page(visit, session, true);
      if (error.rejection === 'over') return reply.redirect(`${opened.path}/add`, 303);
      throw new InvitationEnded({ pageContext: opened.pageContext, practice: opened.pageContext.brand.name });
    }
    clearStepCookie(reply, { secure: deps.secure, hash: opened.hash });
    return reply.redirect('/enroll/done?added=1', 303);
  });

  function page({ request, reply, opened }: InvitationVisit, session: Session, rejected = false): FastifyReply {
    const { otherPerson } = getMessages(opened.pageContext.language).enrollment.addRecord;
    const errors = rejected ? [{ field: 'add', message: otherPerson }] : [];
    const csrf = deps.cookies.csrf(request, reply);
    const fit = session.kind === 'patient' && !session.published;
    return sendPage(
      reply,
      addRecordPage(opened, { csrf, name: session.displayName, canAdd: fit, errors }),
      rejected ? 400 : 200,
    );
  }
}
