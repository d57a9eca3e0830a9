import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AccountId, Problem } from '../../kernel/index.ts';
import { deviceOf, passwordFaultInWords, passwordFaults } from '../../people/index.ts';
import { LANGUAGE_COOKIE, wordsIn } from '../../words/index.ts';
import { keyPage } from '../pages/key.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { FinishFault, makeAccount, type Secret } from '../patient/finish.ts';
import { type Ended, Over } from '../patient/opened.ts';
import { justFinished, type Step } from '../patient/step.ts';
import { clearStepCookie } from '../patient/step-cookie.ts';
import type { StepAnswers } from '../patient/step-store.ts';
import { isTaken } from '../patient/usernames.ts';
import { fieldOf } from './form.ts';
import { backToProof, requireStep } from './require-step.ts';
import { type AnswerOver, type EnrollSurface, show, type Visit } from './surface.ts';

const ONE_YEAR_IN_SECONDS = 31_536_000;

type Faults = readonly { readonly field: string; readonly message: string }[];
type Ready = Step & { readonly answers: StepAnswers };

/** Registers the page for the password or passkey. It creates the account and signs the person in. */
export function keyRoutes(routes: EnrollSurface, deps: EnrollDeps): void {
  routes.get('/key', async (visit) => withChoices(visit, ({ answers }) => page(visit, answers, [])));

  routes.post('/key', async (visit) => withChoices(visit, (step) => finish(visit, step), again), again);

  async function finish(visit: Visit, step: Ready): Promise<FastifyReply> {
    const { request, reply, opened } = visit;
    const secret = await readCredential(visit, step.answers);
    if (!('kind' in secret)) return page(visit, step.answers, secret);
    try {
      const accountId = await makeAccount(deps, opened, { ...step, secret, requestId: request.id });
      return await enter(visit, accountId, secret, step.answers);
    } catch (error) {
      if (!(error instanceof FinishFault)) throw error;
      return (await again(request, reply, opened)) ?? showRejection(visit, step.answers, error);
    }
  }

  /** Handles a form that was submitted twice: the second request signs the person in as the first did. */
  async function again(request: FastifyRequest, reply: FastifyReply, { hash }: Ended) {
    const accountId = hash === undefined ? undefined : await justFinished(deps, request, hash);
    if (hash === undefined || accountId === undefined) return undefined;
    clearStepCookie(reply, { secure: deps.secure, hash });
    const entry = { returnTo: '/enroll/done', fresh: true };
    return reply.redirect(await deps.entrance.enter(request, reply, accountId, entry), 303);
  }

  /**
   * Runs `go` with the stored choices.
   * @param late handles a request whose proof is no longer valid, before it is sent back to the questions
   */
  async function withChoices(visit: Visit, go: (step: Ready) => Promise<FastifyReply>, late?: AnswerOver) {
    const step = await requireStep(deps, visit);
    if (step === undefined) return (await late?.(visit.request, visit.reply, visit.opened)) ?? backToProof(deps, visit);
    const { answers } = step;
    return answers === undefined ? visit.reply.redirect(`${visit.opened.path}/account`, 303) : go({ ...step, answers });
  }

  async function enter({ request, reply, opened }: Visit, accountId: AccountId, secret: Secret, answers: StepAnswers) {
    const { secure } = deps;
    clearStepCookie(reply, { secure, hash: opened.hash });
    const { email, language } = answers;
    // Set like the language chosen in a page's footer: it applies to this browser.
    reply.setCookie(LANGUAGE_COOKIE, language, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure,
      maxAge: ONE_YEAR_IN_SECONDS,
    });
    const returnTo = email === undefined ? '/enroll/done' : '/enroll/done?mail=1';
    const path = await deps.entrance.enter(request, reply, accountId, { returnTo, by: secret.kind, fresh: true });
    return reply.redirect(path, 303);
  }

  async function showRejection(visit: Visit, answers: StepAnswers, { refusal }: FinishFault): Promise<FastifyReply> {
    const { reply, opened } = visit;
    const { signIn } = wordsIn(opened.pageContext.language);
    if (refusal === 'passkey-refused')
      return page(visit, answers, [{ field: 'password', message: signIn.passkeyFailed }]);
    if (refusal === 'over') return reply.redirect(`${opened.path}/key`, 303);
    if (refusal !== 'name-taken')
      throw new Over({ pageContext: opened.pageContext, practice: opened.pageContext.brand.name });
    const taken = await isTaken(deps.db, answers.username);
    return reply.redirect(`${opened.path}/account${taken ? '?taken=1' : ''}`, 303);
  }

  async function page(
    { opened, request, reply }: Visit,
    { username }: StepAnswers,
    errors: Faults,
  ): Promise<FastifyReply> {
    const owner = { handle: deps.random.bytes(32), username, displayName: opened.invitation.name };
    const options = await deps.passkeys.registrationOptions(owner);
    const csrf = deps.cookies.csrf(request, reply);
    return show(reply, keyPage(opened, { csrf, username, options, errors }), errors.length === 0 ? 200 : 400);
  }

  async function readCredential({ request, opened }: Visit, answers: StepAnswers): Promise<Secret | Faults> {
    const answer = fieldOf(request.body, 'passkey');
    if (answer === '') return passwordIn(request.body, opened, answers);
    try {
      const passkey = await deps.passkeys.verifyRegistration(answer);
      return { kind: 'passkey', passkey, name: deviceOf(request.headers['user-agent']) ?? 'Passkey' };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'access_denied') throw error;
      return [{ field: 'password', message: wordsIn(opened.pageContext.language).signIn.passkeyFailed }];
    }
  }
}

function passwordIn(
  body: Visit['request']['body'],
  opened: Visit['opened'],
  { username, email }: StepAnswers,
): Secret | Faults {
  const password = fieldOf(body, 'password');
  const { language } = opened.pageContext;
  const owner = { username, displayName: opened.invitation.name, email: email ?? opened.invitation.email };
  const errors: Faults = passwordFaults(password, owner).map((error) => ({
    field: 'password',
    message: passwordFaultInWords(error, language),
  }));
  if (errors.length > 0) return errors;
  if (fieldOf(body, 'repeat') === password) return { kind: 'password', password };
  return [{ field: 'repeat', message: wordsIn(language).enrollment.key.different }];
}
