import { wordsIn } from '../../words/index.ts';
import { codeFirstPage, proofPage } from '../pages/proof.ts';
import { readAnswers, type Typed } from '../patient/answers.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { type Attempted, prove } from '../patient/prove.ts';
import { stepOf } from '../patient/step.ts';
import { setStepCookie } from '../patient/step-cookie.ts';
import { fieldOf } from './form.ts';
import { type EnrollSurface, show, type Visit } from './surface.ts';

const NOTHING: Typed = { month: '', day: '', year: '', zip: '', code: '' };

/** Registers the page that verifies the person's identity. */
export function proofRoutes(routes: EnrollSurface, deps: EnrollDeps): void {
  routes.get('/proof', async (visit) => {
    const { request, reply, opened } = visit;
    if (opened.invitation.state === 'declined') return reply.redirect(opened.path, 303);
    if ((await stepOf(deps, request, opened.hash)) !== undefined)
      return reply.redirect(await nextPath(deps, visit), 303);
    return form(visit, { typed: NOTHING, errors: [], status: 200 });
  });

  routes.post('/proof', async (visit) => {
    const { request, reply, opened } = visit;
    if (opened.invitation.state === 'declined') return reply.redirect(opened.path, 303);
    const typed = typedIn(request.body);
    const answers = readAnswers(typed);
    const { proof } = wordsIn(opened.pageContext.language).enrollment;
    if (!('birthDate' in answers)) {
      const errors = answers.map((field) => ({ field, message: proof.unreadable[field] }));
      return form(visit, { typed, errors, status: 400 });
    }
    const attempted = await prove(deps, opened, { answers, address: request.ip, requestId: request.id });
    if (attempted.outcome !== 'right') return showRejection(visit, typed, attempted);
    setStepCookie(reply, { secure: deps.secure, hash: opened.hash }, attempted.cookie);
    return reply.redirect(await nextPath(deps, visit), 303);
  });

  async function showRejection(visit: Visit, typed: Typed, attempted: Exclude<Attempted, { outcome: 'right' }>) {
    const { reply, opened } = visit;
    const { proof } = wordsIn(opened.pageContext.language).enrollment;
    if (attempted.outcome === 'too-many') {
      const seconds = Math.ceil((attempted.until.getTime() - deps.clock.now().getTime()) / 1000);
      reply.header('retry-after', seconds);
      const message = proof.tooMany(Math.ceil(seconds / 60));
      return form(visit, { typed, errors: [{ field: 'birth-date', message }], status: 429 });
    }
    // The page itself now shows the invitation's state.
    if (attempted.outcome === 'none' || attempted.triesLeft < 1) return reply.redirect(`${opened.path}/proof`, 303);
    const message = proof.wrong(attempted.triesLeft);
    return form(visit, { typed: { ...typed, code: '' }, errors: [{ field: 'birth-date', message }], status: 400 });
  }

  function form(
    { request, reply, opened }: Visit,
    { status, ...page }: { typed: Typed; errors: { field: string; message: string }[]; status: number },
  ) {
    if (opened.invitation.codeBy === undefined)
      return show(reply, codeFirstPage(opened, request.url.endsWith('?have=1')));
    const csrf = deps.cookies.csrf(request, reply);
    const again = status === 200 && request.url.endsWith('?again=1');
    return show(reply, proofPage(opened, { ...page, csrf, again }), status);
  }
}

/** Signed-in patients are asked whether to add the record to their account. */
async function nextPath({ signedIn }: EnrollDeps, { request, opened }: Visit): Promise<string> {
  const session = await signedIn.current(request);
  const has = session !== undefined && session.kind === 'patient' && !session.published;
  return has ? `${opened.path}/add` : `${opened.path}/account`;
}

const typedIn = (body: Visit['request']['body']): Typed => {
  const field = (name: string): string => fieldOf(body, name).slice(0, 20);
  return { month: field('month'), day: field('day'), year: field('year'), zip: field('zip'), code: field('code') };
};
