import { getMessages } from '../../i18n/index.ts';
import { codeRequiredPage, identityProofPage } from '../pages/proof.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { parseAnswers, type TypedAnswers } from '../patient/identity-answers.ts';
import { findEnrollmentStep } from '../patient/step.ts';
import { setStepCookie } from '../patient/step-cookie.ts';
import { type IdentityAttemptResult, verifyIdentity } from '../patient/verify-identity.ts';
import { csrfToken, fieldValue } from './form-fields.ts';
import { type InvitationRoutes, type InvitationVisit, sendPage } from './invitation-routes.ts';

const NO_ANSWERS: TypedAnswers = { month: '', day: '', year: '', zip: '', code: '' };

/** Registers the page with the identity questions of enrollment. */
export function identityProofRoutes(routes: InvitationRoutes, deps: EnrollmentPageDeps): void {
  routes.get('/proof', async (visit) => {
    const { request, reply, opened } = visit;
    if (opened.invitation.state === 'declined') return reply.redirect(opened.path, 303);
    if ((await findEnrollmentStep(deps, request, opened.hash)) !== undefined)
      return reply.redirect(await nextPath(deps, visit), 303);
    return form(visit, { typed: NO_ANSWERS, errors: [], status: 200 });
  });

  routes.post('/proof', async (visit) => {
    const { request, reply, opened } = visit;
    if (opened.invitation.state === 'declined') return reply.redirect(opened.path, 303);
    const typed = readTypedAnswers(request.body);
    const answers = parseAnswers(typed);
    const { identityProofing } = getMessages(opened.pageContext.language).enrollment;
    if (!('birthDate' in answers)) {
      const errors = answers.map((field) => ({ field, message: identityProofing.unreadable[field] }));
      return form(visit, { typed, errors, status: 400 });
    }
    const csrf = csrfToken(request.body) ?? '';
    const attempted = await verifyIdentity(deps, opened, { answers, csrf, address: request.ip, requestId: request.id });
    if (attempted.outcome !== 'right') return showRejection(visit, typed, attempted);
    setStepCookie(reply, { secure: deps.secure, hash: opened.hash }, attempted.cookie);
    return reply.redirect(await nextPath(deps, visit), 303);
  });

  async function showRejection(
    visit: InvitationVisit,
    typed: TypedAnswers,
    attempted: Exclude<IdentityAttemptResult, { outcome: 'right' }>,
  ) {
    const { reply, opened } = visit;
    const { identityProofing } = getMessages(opened.pageContext.language).enrollment;
    if (attempted.outcome === 'too-many') {
      const seconds = Math.ceil((attempted.until.getTime() - deps.clock.now().getTime()) / 1000);
      reply.header('retry-after', seconds);
      const message = identityProofing.tooMany(Math.ceil(seconds / 60));
      return form(visit, { typed, errors: [{ field: 'birth-date', message }], status: 429 });
    }
    // The redirect leads to the page with the identity questions, which then says that the invitation failed or that a
    // verification code is missing.
    if (attempted.outcome === 'none' || attempted.triesLeft < 1) return reply.redirect(`${opened.path}/proof`, 303);
    const message = identityProofing.wrong(attempted.triesLeft);
    return form(visit, { typed: { ...typed, code: '' }, errors: [{ field: 'birth-date', message }], status: 400 });
  }

  function form(
    { request, reply, opened }: InvitationVisit,
    { status, ...page }: { typed: TypedAnswers; errors: { field: string; message: string }[]; status: number },
  ) {
    if (opened.invitation.codeChannel === undefined)
      return sendPage(reply, codeRequiredPage(opened, request.url.endsWith('?have=1')));
    const csrf = deps.cookies.csrf(request, reply);
    const again = status === 200 && request.url.endsWith('?again=1');
    return sendPage(reply, identityProofPage(opened, { ...page, csrf, again }), status);
  }
}

/**
 * Returns the path of the next enrollment page. Patients who are signed in are asked whether to add the record to their
 * account.
 */
async function nextPath({ sessionGuard }: EnrollmentPageDeps, { request, opened }: InvitationVisit): Promise<string> {
  const session = await sessionGuard.current(request);
  const has = session !== undefined && session.kind === 'patient' && !session.published;
  return has ? `${opened.path}/add` : `${opened.path}/account`;
}

const readTypedAnswers = (body: InvitationVisit['request']['body']): TypedAnswers => {
  const field = (name: string): string => fieldValue(body, name).slice(0, 20);
  return { month: field('month'), day: field('day'), year: field('year'), zip: field('zip'), code: field('code') };
};
