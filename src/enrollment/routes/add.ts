import type { FastifyReply } from 'fastify';
import { requireChangeable, type Session } from '../../people/index.ts';
import { wordsIn } from '../../words/index.ts';
import { signInPath } from '../pages/account.ts';
import { addPage } from '../pages/add.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { FinishFault, joinAccount } from '../patient/finish.ts';
import { Over } from '../patient/opened.ts';
import { clearStepCookie } from '../patient/step-cookie.ts';
import { backToProof, requireStep } from './require-step.ts';
import { type EnrollSurface, show, type Visit } from './surface.ts';

/** Registers the page for people with an account: after the same proof, the record is added to it. */
export function addRoutes(routes: EnrollSurface, deps: EnrollDeps): void {
  routes.get('/add', async (visit) => {
    if ((await requireStep(deps, visit)) === undefined) return backToProof(deps, visit);
    const session = await deps.signedIn.current(visit.request);
    return session === undefined ? visit.reply.redirect(signInPath(visit.opened), 303) : page(visit, session);
  });

  routes.post('/add', async (visit) => {
    const { request, reply, opened } = visit;
    const step = await requireStep(deps, visit);
    if (step === undefined) return backToProof(deps, visit);
    const session = await deps.signedIn.patient(request);
    requireChangeable(session);
    try {
      await joinAccount(deps, opened, { ...step, accountId: session.accountId, requestId: request.id });
    } catch (error) {
      if (!(error instanceof FinishFault)) throw error;
      if (error.refusal === 'not-theirs') return page(visit, session, true);
      if (error.refusal === 'over') return reply.redirect(`${opened.path}/add`, 303);
      throw new Over({ pageContext: opened.pageContext, practice: opened.pageContext.brand.name });
    }
    clearStepCookie(reply, { secure: deps.secure, hash: opened.hash });
    return reply.redirect('/enroll/done?added=1', 303);
  });

  function page({ request, reply, opened }: Visit, session: Session, rejected = false): FastifyReply {
    const { notTheirs } = wordsIn(opened.pageContext.language).enrollment.add;
    const errors = rejected ? [{ field: 'add', message: notTheirs }] : [];
    const csrf = deps.cookies.csrf(request, reply);
    const fit = session.kind === 'patient' && !session.published;
    return show(reply, addPage(opened, { csrf, name: session.displayName, fit, errors }), rejected ? 400 : 200);
  }
}
