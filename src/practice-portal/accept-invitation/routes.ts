import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findStaffInvitation, type StaffInvitation } from '../../enrollment/index.ts';
import { getMessages, type Language } from '../../i18n/index.ts';
import {
  findProfileByUsername,
  isValidUsername,
  listStaffPositions,
  MIN_PASSWORD_LENGTH,
  normalizeUsername,
  requireChangeableAccount,
  type SignInCompletion,
  validatePassword,
} from '../../identity/index.ts';
import { Problem, sendHtml, sha256 } from '../../kernel/index.ts';
import { findPracticeSettings } from '../../practices/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField, isValidName, nameField } from '../form-fields.ts';
import { acceptInvitation } from './accept-with-account.ts';
import { createInvitedAccount, type NewStaffAccount } from './create-account.ts';
import { type JoinVisitor, renderJoinPage } from './page.ts';

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
    return reply.redirect('/practice?done=joined', 303);
  });

  async function requireInvitation({ params: { token } }: JoinPageRequest): Promise<StaffInvitation> {
    const invitation = await findStaffInvitation(deps.db, sha256(token), deps.clock.now());
    if (invitation === undefined) throw invalidLinkProblem();
    return invitation;
  }

  const isTaken = async ({ username }: EnteredAccount): Promise<boolean> =>
    (await findProfileByUsername(deps.db, normalizeUsername(username))) !== undefined;

  /** Returns who is signed in, and whether that account can accept the invitation. */
  async function findVisitor(
    request: JoinPageRequest,
    { practice }: StaffInvitation,
  ): Promise<JoinVisitor | undefined> {
    const session = await deps.signedIn.current(request);
    if (session === undefined) return undefined;
    const { displayName: name } = session;
    if (session.kind !== 'staff' || session.published) return { name, account: 'can-not-accept' };
    const worksThere = async ({ practiceId }: NonNullable<StaffInvitation['practice']>) =>
      (await listStaffPositions(deps.db, session.accountId)).some((job) => job.practiceId === practiceId);
    const isMember = practice === undefined ? session.administrator : await worksThere(practice);
    return { name, account: isMember ? 'member' : 'can-accept' };
  }

  async function show(
    request: JoinPageRequest,
    reply: FastifyReply,
    invitation: StaffInvitation,
    { username, displayName }: Pick<NewStaffAccount, 'username' | 'displayName'>,
    errors: readonly FormFieldError[],
  ): Promise<FastifyReply> {
    const path = `/join/${encodeURIComponent(request.params.token)}`;
    const { practice } = invitation;
    const settings = practice && (await findPracticeSettings(deps.db, practice.practiceId));
    const page = {
      path,
      csrf: deps.cookies.csrf(request, reply),
      invitation,
      brandName: deps.brandName,
      timeZone: settings?.timeZone ?? 'UTC',
      visitor: await findVisitor(request, invitation),
      username,
      displayName,
      errors,
    };
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
    message:
      'This link was already used, has expired or was canceled. If you used it yourself, sign in. If not, ask the person who invited you for a new link.',
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
