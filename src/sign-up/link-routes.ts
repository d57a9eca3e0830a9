import type { FastifyInstance, FastifyReply } from 'fastify';
import { getMessages } from '../i18n/index.ts';
import { describeDevice, findAccountProfile, findDeveloperProfileByEmail } from '../identity/index.ts';
import { Problem, sendHtml } from '../kernel/index.ts';
import type { FormFieldError } from '../web-pages/index.ts';
import { acceptInvitation } from './accept-invitation.ts';
import { createAccount, type SignUpCredential } from './create-account.ts';
import type { SignUpDeps } from './deps.ts';
import { proposeName } from './email-domain.ts';
import { checkSignUpInput, formField, parseSignUpInput, type SignUpInput } from './form.ts';
import { findLinkContext, type LinkContext, type SignUpLinkRequest, sendLinkExpired } from './link-context.ts';
import { matchOrganisation, type OrganisationMatch } from './organisation-match.ts';
import { accountPage, invitationPage, PATH, passkeyPage } from './pages.ts';

const LINK = `${PATH}/:token`;
/** The first person of an organization adds its first app. Others may have come for the apps that there are. */
const FIRST_APP = '/developer/apps/new?welcome=1';
const EMPTY_INPUT: SignUpInput = { name: '', organisation: '', password: '', passkey: '', wantsPasskey: false };

/**
 * Adds the routes of an emailed link. The link creates an account or, if the address has an
 * account, lets the person join an organization.
 */
export function linkRoutes(app: FastifyInstance, deps: SignUpDeps): void {
  app.get(LINK, async (request: SignUpLinkRequest, reply) => {
    const visit = await findLinkContext(deps, request, reply);
    if (visit === undefined) return reply;
    if (await hasAccount(visit)) return showInvitation(visit);
    const match = await matchOrganisation(deps.db, visit.signUp);
    const organisation = match.kind === 'founds' && match.domain !== undefined ? proposeName(match.domain) : '';
    return form(visit, match, { ...EMPTY_INPUT, organisation }, []);
  });

  app.post(LINK, async (request: SignUpLinkRequest, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const visit = await findLinkContext(deps, request, reply);
    if (visit === undefined) return reply;
    if (await hasAccount(visit)) return showInvitation(visit);
    const match = await matchOrganisation(deps.db, visit.signUp);
    const typed = parseSignUpInput(request.body);
    const { language } = visit.context;
    const errors = checkSignUpInput(typed, { email: visit.signUp.email, match, language });
    if (errors.length > 0) return form(visit, match, typed, errors);
    if (typed.wantsPasskey) return passkey(visit, match, typed, []);
    return createAndSignIn(visit, match, typed);
  });

  app.post(`${LINK}/accept`, async (request: SignUpLinkRequest, reply) => {
    deps.cookies.requireCsrf(request, formField(request.body, 'csrf'));
    const visit = await findLinkContext(deps, request, reply);
    if (visit === undefined) return reply;
    const session = await deps.signedIn.developer(request);
    const email = (await findAccountProfile(deps.db, session.accountId))?.email;
    if (visit.signUp.invitation === undefined || email !== visit.signUp.email) return showInvitation(visit);
    const joined = await acceptInvitation(deps, { token: visit.token, requestId: request.id }, session.accountId);
    if (joined === 'over') return sendLinkExpired(deps, request, reply);
    return reply.redirect(`/developer/organisation/${joined}`, 303);
  });

  const hasAccount = async ({ signUp }: LinkContext): Promise<boolean> =>
    (await findDeveloperProfileByEmail(deps.db, signUp.email)) !== undefined;

  async function createAndSignIn(
    visit: LinkContext,
    match: OrganisationMatch,
    typed: SignUpInput,
  ): Promise<FastifyReply> {
    const { request, reply, token } = visit;
    const rejectPasskey = () =>
      passkey(visit, match, typed, [
        { field: 'main', message: getMessages(visit.context.language).signIn.passkeyFailed },
      ]);
    const secret = await readCredential(visit, typed);
    if (secret === undefined) return rejectPasskey();
    const made = await createAccount(deps, { token, requestId: request.id }, { ...typed, secret });
    if (made === 'passkey-refused') return rejectPasskey();
    if (made === 'over' || made === 'has-account') return sendLinkExpired(deps, request, reply);
    const returnTo = made.how === 'founds' ? FIRST_APP : '/developer';
    const entry = { returnTo, by: secret.kind, fresh: true };
    return reply.redirect(await deps.entrance.complete(request, reply, made.accountId, entry), 303);
  }

  /**
   * Reads how the new account will sign in: with a password or a passkey. Returns undefined if the
   * authenticator's response isn't valid.
   */
  async function readCredential({ request }: LinkContext, typed: SignUpInput): Promise<SignUpCredential | undefined> {
    if (typed.passkey === '') return { kind: 'password', password: typed.password };
    try {
      const made = await deps.passkeys.verifyRegistration(typed.passkey);
      return { kind: 'passkey', passkey: made, name: describeDevice(request.headers['user-agent']) ?? 'Passkey' };
    } catch (error) {
      if (error instanceof Problem && error.code === 'access_denied') return undefined;
      throw error;
    }
  }

  async function passkey(
    visit: LinkContext,
    match: OrganisationMatch,
    typed: SignUpInput,
    errors: readonly FormFieldError[],
  ) {
    const { signUp, context, reply } = visit;
    const owner = { handle: deps.random.bytes(32), username: signUp.email, displayName: typed.name };
    const options = await deps.passkeys.registrationOptions(owner);
    const page = passkeyPage(context, { ...pageOf(visit, match, typed, errors), options });
    return sendHtml(reply.code(errors.length === 0 ? 200 : 400), page);
  }

  function form(
    visit: LinkContext,
    match: OrganisationMatch,
    typed: SignUpInput,
    errors: readonly FormFieldError[],
  ): FastifyReply {
    const { context, reply } = visit;
    const page = accountPage(context, pageOf(visit, match, typed, errors));
    return sendHtml(reply.code(errors.length === 0 ? 200 : 400), page);
  }

  function pageOf(visit: LinkContext, match: OrganisationMatch, typed: SignUpInput, errors: readonly FormFieldError[]) {
    const { request, reply, path, signUp } = visit;
    const { name, organisation } = typed;
    return { csrf: deps.cookies.csrf(request, reply), errors, path, signUp, match, name, organisation };
  }

  /**
   * Shows the page on which the holder of an existing account accepts an invitation. If the link is
   * a sign-up link, shows that it is no longer valid, because its email address has an account by
   * now.
   */
  async function showInvitation(visit: LinkContext): Promise<FastifyReply> {
    const { request, reply, path, context, signUp } = visit;
    const { email, invitation } = signUp;
    if (invitation === undefined) return sendLinkExpired(deps, request, reply);
    const session = await deps.signedIn.current(request);
    const isInvited =
      session?.kind === 'developer' && (await findAccountProfile(deps.db, session.accountId))?.email === email;
    const person = session === undefined ? undefined : { name: session.displayName, isInvited };
    const csrf = deps.cookies.csrf(request, reply);
    return sendHtml(reply, invitationPage(context, { csrf, errors: [], path, email, invitation, person }));
  }
}
