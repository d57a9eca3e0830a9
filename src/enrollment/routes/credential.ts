import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FormFieldError } from '../../domain/index.ts';
import { getMessages, languageCookie } from '../../i18n/index.ts';
import { describeDevice, passwordErrorMessage, validatePassword } from '../../identity/index.ts';
import { type AccountId, Problem } from '../../kernel/index.ts';
import { credentialPage } from '../pages/credential.ts';
import {
  createEnrolledAccount,
  EnrollmentCompletionError,
  type NewCredential,
} from '../patient/complete-enrollment.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { type EndedInvitation, InvitationEnded } from '../patient/opened-invitation.ts';
import { type EnrollmentStep, findJustCreatedAccount } from '../patient/step.ts';
import { clearStepCookie } from '../patient/step-cookie.ts';
import type { StoredAccountChoices } from '../patient/step-store.ts';
import { isUsernameTaken } from '../patient/usernames.ts';
import { fieldValue } from './form-fields.ts';
import {
  type EndedInvitationHandler,
  type InvitationRoutes,
  type InvitationVisit,
  sendPage,
} from './invitation-routes.ts';
import { findOpenStep, redirectToProof } from './require-step.ts';

type StepWithChoices = EnrollmentStep & { readonly answers: StoredAccountChoices };

/** Registers the enrollment page for the password or passkey. The form creates the account and signs the person in. */
export function credentialRoutes(routes: InvitationRoutes, deps: EnrollmentPageDeps): void {
  routes.get('/key', async (visit) => withChoices(visit, ({ answers }) => page(visit, answers, [])));

  routes.post('/key', async (visit) => withChoices(visit, (step) => finish(visit, step), again), again);

  async function finish(visit: InvitationVisit, step: StepWithChoices): Promise<FastifyReply> {
    const { request, reply, opened } = visit;
    const secret = await readCredential(visit, step.answers);
    if (!('kind' in secret)) return page(visit, step.answers, secret);
    try {
      const accountId = await createEnrolledAccount(deps, opened, { ...step, secret, requestId: request.id });
      return await enter(visit, accountId, secret, step.answers);
    } catch (error) {
      if (!(error instanceof EnrollmentCompletionError)) throw error;
      return (await again(request, reply, opened)) ?? showRejection(visit, step.answers, error);
    }
  }

  /** Handles a form that was submitted twice: the second request signs the person in as the first did. */
  async function again(request: FastifyRequest, reply: FastifyReply, { hash }: EndedInvitation) {
    const accountId = hash === undefined ? undefined : await findJustCreatedAccount(deps, request, hash);
    if (hash === undefined || accountId === undefined) return undefined;
    clearStepCookie(reply, { secure: deps.secure, hash });
    const entry = { returnTo: '/enroll/done', fresh: true };
    return reply.redirect(await deps.signInCompletion.complete(request, reply, accountId, entry), 303);
  }

  /**
   * Calls `go` with the choices that were stored in the previous step of enrollment.
   * @param late handles a request from a browser that may no longer continue the enrollment; without it, or if it
   * returns undefined, the person goes back to the identity questions
   */
  async function withChoices(
    visit: InvitationVisit,
    go: (step: StepWithChoices) => Promise<FastifyReply>,
    late?: EndedInvitationHandler,
  ) {
    const step = await findOpenStep(deps, visit);
    if (step === undefined)
      return (await late?.(visit.request, visit.reply, visit.opened)) ?? redirectToProof(deps, visit);
    const { answers } = step;
    return answers === undefined ? visit.reply.redirect(`${visit.opened.path}/account`, 303) : go({ ...step, answers });
  }

  async function enter(
    { request, reply, opened }: InvitationVisit,
    accountId: AccountId,
    secret: NewCredential,
    answers: StoredAccountChoices,
  ) {
    const { secure } = deps;
    clearStepCookie(reply, { secure, hash: opened.hash });
    const { email, language } = answers;
    // The chosen language applies to this browser, as if the person had chosen it in the footer of a page.
    reply.setCookie(...languageCookie(language, secure));
    const returnTo = email === undefined ? '/enroll/done' : '/enroll/done?mail=1';
    const path = await deps.signInCompletion.complete(request, reply, accountId, {
      returnTo,
      by: secret.kind,
      fresh: true,
    });
    return reply.redirect(path, 303);
  }

  async function showRejection(
    visit: InvitationVisit,
    answers: StoredAccountChoices,
    { rejection }: EnrollmentCompletionError,
  ): Promise<FastifyReply> {
    const { reply, opened } = visit;
    const { signIn } = getMessages(opened.pageContext.language);
    if (rejection === 'passkey-refused')
      return page(visit, answers, [{ field: 'password', message: signIn.passkeyFailed }]);
    if (rejection === 'over') return reply.redirect(`${opened.path}/key`, 303);
    if (rejection !== 'name-taken')
      throw new InvitationEnded({ pageContext: opened.pageContext, practice: opened.pageContext.brand.name });
    const taken = await isUsernameTaken(deps.db, answers.username);
    return reply.redirect(`${opened.path}/account${taken ? '?taken=1' : ''}`, 303);
  }

  async function page(
    { opened, request, reply }: InvitationVisit,
    { username }: StoredAccountChoices,
    errors: readonly FormFieldError[],
  ): Promise<FastifyReply> {
    const owner = { handle: deps.random.bytes(32), username, displayName: opened.invitation.name };
    const options = await deps.passkeys.registrationOptions(owner);
    const csrf = deps.cookies.csrf(request, reply);
    return sendPage(
      reply,
      credentialPage(opened, { csrf, username, options, errors }),
      errors.length === 0 ? 200 : 400,
    );
  }

  async function readCredential(
    { request, opened }: InvitationVisit,
    answers: StoredAccountChoices,
  ): Promise<NewCredential | readonly FormFieldError[]> {
    const answer = fieldValue(request.body, 'passkey');
    if (answer === '') return readPassword(request.body, opened, answers);
    try {
      const passkey = await deps.passkeys.verifyRegistration(answer);
      return { kind: 'passkey', passkey, name: describeDevice(request.headers['user-agent']) ?? 'Passkey' };
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'access_denied') throw error;
      return [{ field: 'password', message: getMessages(opened.pageContext.language).signIn.passkeyFailed }];
    }
  }
}

function readPassword(
  body: InvitationVisit['request']['body'],
  opened: InvitationVisit['opened'],
  { username, email }: StoredAccountChoices,
): NewCredential | readonly FormFieldError[] {
  const password = fieldValue(body, 'password');
  const { language } = opened.pageContext;
  const owner = { username, displayName: opened.invitation.name, email: email ?? opened.invitation.email };
  const errors: readonly FormFieldError[] = validatePassword(password, owner).map((error) => ({
    field: 'password',
    message: passwordErrorMessage(error, language),
  }));
  if (errors.length > 0) return errors;
  if (fieldValue(body, 'repeat') === password) return { kind: 'password', password };
  return [{ field: 'repeat', message: getMessages(language).enrollment.signInMethod.different }];
}
