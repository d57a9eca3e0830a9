import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findStaffInvitation, type StaffInvitation } from '../../enrollment/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import {
  findProfileByUsername,
  isValidUsername,
  MIN_PASSWORD_LENGTH,
  normalizeUsername,
  requireChangeableAccount,
  type SignInCompletion,
  validatePassword,
} from '../../identity/index.ts';
import { Problem, sendHtml, sha256 } from '../../kernel/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField, isValidName, nameField } from '../form-fields.ts';
import { acceptInvitation } from './accept-with-account.ts';
import { createInvitedAccount, type NewStaffAccount } from './create-account.ts';
import { renderJoinPage } from './page.ts';

/** The form of a new account as submitted. */
type EnteredAccount = Omit<NewStaffAccount, 'language'>;

type JoinPageRequest = FastifyRequest<{ Params: { token: string } }>;

/**
 * Registers `/join/{token}`, where an invited person creates a staff account or accepts with an existing one. Opening
 * the page doesn't redeem the invitation, since mail scanners open links too.
 */
export function joinRoutes(
  app: FastifyInstance,
  deps: PracticeAdminDeps & { readonly entrance: SignInCompletion },
): void {
  app.get('/join/:token', async (request: JoinPageRequest, reply) => {
    const invitation = await requireInvitation(request);
    return show(request, reply, invitation, { username: '', displayName: '' }, []);
  });

  app.post('/join/:token', async (request: JoinPageRequest, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const invitation = await requireInvitation(request);
    const newAccount = parseAccount(request.body, invitation);
    const { language } = deps.framing.forStaff(request);
    const errors = validateAccount(language, newAccount, invitation);
    const usernameTaken = { field: 'username', message: joinErrors(language).usernameTaken };
    if (errors.length === 0 && (await isTaken(newAccount))) errors.push(usernameTaken);
    if (errors.length > 0) return show(request, reply.code(400), invitation, newAccount, errors);
    const outcome = await createInvitedAccount(
      deps,
      { token: request.params.token, requestId: request.id },
      invitation,
      { ...newAccount, language },
    );
    if (outcome === 'over') throw invalidLinkProblem();
    if (outcome === 'taken') return show(request, reply.code(400), invitation, newAccount, [usernameTaken]);
    return reply.redirect(
      await deps.entrance.complete(request, reply, outcome, { returnTo: '/practice', fresh: true }),
      303,
    );
  });

  app.post('/join/:token/accept', async (request: JoinPageRequest, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const session = await deps.signedIn.staff(request);
    requireChangeableAccount(session);
    const invitation = await requireInvitation(request);
    const outcome = await acceptInvitation(
      deps,
      { token: request.params.token, requestId: request.id },
      session,
      invitation,
    );
    if (outcome === 'over') throw invalidLinkProblem();
    if (outcome === 'there') {
      const { alreadyStaff } = joinErrors(deps.framing.forStaff(request).language);
      const error = { field: 'account', message: alreadyStaff };
      return show(request, reply.code(400), invitation, { username: '', displayName: '' }, [error]);
    }
    return reply.redirect('/practice', 303);
  });

  async function requireInvitation({ params: { token } }: JoinPageRequest): Promise<StaffInvitation> {
    const invitation = await findStaffInvitation(deps.db, sha256(token), deps.clock.now());
    if (invitation === undefined) throw invalidLinkProblem();
    return invitation;
  }

  const isTaken = async ({ username }: EnteredAccount): Promise<boolean> =>
    (await findProfileByUsername(deps.db, normalizeUsername(username))) !== undefined;

  /**
   * Returns the name of the signed-in staff member. undefined for a shared sandbox account, which can't accept
   * invitations.
   */
  async function signedInName(request: JoinPageRequest): Promise<string | undefined> {
    const session = await deps.signedIn.current(request);
    return session?.kind === 'staff' && !session.published ? session.displayName : undefined;
  }

  async function show(
    request: JoinPageRequest,
    reply: FastifyReply,
    invitation: StaffInvitation,
    { username, displayName }: Pick<NewStaffAccount, 'username' | 'displayName'>,
    errors: readonly FormFieldError[],
  ): Promise<FastifyReply> {
    const path = `/join/${encodeURIComponent(request.params.token)}`;
    const csrf = deps.cookies.csrf(request, reply);
    const person = await signedInName(request);
    const page = { path, csrf, invitation, brandName: deps.brandName, person, username, displayName, errors };
    return sendHtml(reply, renderJoinPage(deps.framing.forStaff(request, path), page));
  }
}

/**
 * Creates the error for a link that isn't valid. The response is the same for used, expired, canceled and unknown
 * links, so that guessing reveals nothing.
 */
const invalidLinkProblem = (): Problem =>
  new Problem('link-over', {
    status: 404,
    message: 'This link was already used, has expired or was canceled. Ask the person who invited you for a new link.',
  });

const joinErrors = (language: Language) => getMessages(language).practicePortal.acceptInvitation.errors;

const parseAccount = (form: unknown, { name }: StaffInvitation): EnteredAccount => ({
  username: formField(form, 'username').trim(),
  password: formField(form, 'password'),
  displayName: name === '' ? nameField(form, 'name') : name,
});

function validateAccount(language: Language, newAccount: EnteredAccount, { email }: StaffInvitation): FormFieldError[] {
  const messages = joinErrors(language);
  const [password] = validatePassword(newAccount.password, { ...newAccount, email });
  return [
    ...(isValidName(newAccount.displayName) ? [] : [{ field: 'name', message: messages.name }]),
    ...(isValidUsername(newAccount.username) ? [] : [{ field: 'username', message: messages.username }]),
    ...(password === undefined
      ? []
      : [{ field: 'password', message: messages.password[password](MIN_PASSWORD_LENGTH) }]),
  ];
}
