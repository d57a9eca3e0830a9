import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { deviceOf, findDeveloperByEmail, findPerson } from '../../people/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { PortalDeps } from '../deps.ts';
import { proposedName } from './email-domain.ts';
import { faultsOf, fieldOf, type Typed, typedIn } from './form.ts';
import { makeAccount, type Secret } from './make-account.ts';
import { accountPage, PATH, passkeyPage, takePage } from './pages.ts';
import { type Place, placeOf } from './place.ts';
import { takeOn } from './take-on.ts';
import { type Asked, HTML, sayOver, type Visit, visitOf } from './visit.ts';

const LINK = `${PATH}/:token`;
const NOTHING: Typed = { name: '', organisation: '', password: '', passkey: '', wantsPasskey: false };

/** Adds the routes of an emailed link: it creates an account or, for an existing account, joins an organization. */
export function linkRoutes(app: FastifyInstance, deps: PortalDeps): void {
  app.get(LINK, async (request: Asked, reply) => {
    const visit = await visitOf(deps, request, reply);
    if (visit === undefined) return reply;
    if (await hasAccount(visit)) return showInvitation(visit);
    const match = await placeOf(deps.db, visit.signUp);
    const organisation = match.kind === 'founds' && match.domain !== undefined ? proposedName(match.domain) : '';
    return form(visit, match, { ...NOTHING, organisation }, []);
  });

  app.post(LINK, async (request: Asked, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const visit = await visitOf(deps, request, reply);
    if (visit === undefined) return reply;
    if (await hasAccount(visit)) return showInvitation(visit);
    const match = await placeOf(deps.db, visit.signUp);
    const typed = typedIn(request.body);
    const { language } = visit.context;
    const errors = faultsOf(typed, { email: visit.signUp.email, match, language });
    if (errors.length > 0) return form(visit, match, typed, errors);
    if (typed.wantsPasskey) return passkey(visit, match, typed, []);
    return createAndSignIn(visit, match, typed);
  });

  app.post(`${LINK}/accept`, async (request: Asked, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const visit = await visitOf(deps, request, reply);
    if (visit === undefined) return reply;
    const session = await deps.signedIn.developer(request);
    const email = (await findPerson(deps.db, session.accountId))?.email;
    if (visit.signUp.invitation === undefined || email !== visit.signUp.email) return showInvitation(visit);
    const joined = await takeOn(deps, { token: visit.token, requestId: request.id }, session.accountId);
    if (joined === 'over') return sayOver(deps, request, reply);
    return reply.redirect(`/developer/organisation/${joined}`, 303);
  });

  const hasAccount = async ({ signUp }: Visit): Promise<boolean> =>
    (await findDeveloperByEmail(deps.db, signUp.email)) !== undefined;

  async function createAndSignIn(visit: Visit, match: Place, typed: Typed): Promise<FastifyReply> {
    const { request, reply, token } = visit;
    const rejectPasskey = () =>
      passkey(visit, match, typed, [{ field: 'main', message: wordsIn(visit.context.language).signIn.passkeyFailed }]);
    const secret = await readCredential(visit, typed);
    if (secret === undefined) return rejectPasskey();
    const made = await makeAccount(deps, { token, requestId: request.id }, { ...typed, secret });
    if (made === 'passkey-refused') return rejectPasskey();
    if (made === 'over' || made === 'has-account') return sayOver(deps, request, reply);
    const entry = { returnTo: '/developer', by: secret.kind, fresh: true };
    return reply.redirect(await deps.entrance.enter(request, reply, made, entry), 303);
  }

  /** undefined if the authenticator's response isn't valid. */
  async function readCredential({ request }: Visit, typed: Typed): Promise<Secret | undefined> {
    if (typed.passkey === '') return { kind: 'password', password: typed.password };
    try {
      const made = await deps.passkeys.verifyRegistration(typed.passkey);
      return { kind: 'passkey', passkey: made, name: deviceOf(request.headers['user-agent']) ?? 'Passkey' };
    } catch (error) {
      if (error instanceof Problem && error.code === 'access_denied') return undefined;
      throw error;
    }
  }

  async function passkey(visit: Visit, match: Place, typed: Typed, errors: readonly FieldFault[]) {
    const { signUp, context, reply } = visit;
    const owner = { handle: deps.random.bytes(32), username: signUp.email, displayName: typed.name };
    const options = await deps.passkeys.registrationOptions(owner);
    const page = passkeyPage(context, { ...pageOf(visit, match, typed, errors), options });
    return reply
      .code(errors.length === 0 ? 200 : 400)
      .type(HTML)
      .send(page);
  }

  function form(visit: Visit, match: Place, typed: Typed, errors: readonly FieldFault[]): FastifyReply {
    const { context, reply } = visit;
    const page = accountPage(context, pageOf(visit, match, typed, errors));
    return reply
      .code(errors.length === 0 ? 200 : 400)
      .type(HTML)
      .send(page);
  }

  function pageOf(visit: Visit, match: Place, typed: Typed, errors: readonly FieldFault[]) {
    const { request, reply, path, signUp } = visit;
    const { name, organisation } = typed;
    return { csrf: deps.cookies.csrf(request, reply), faults: errors, path, signUp, match, name, organisation };
  }

  /** The address already has an account. It can accept an invitation; a sign-up link is of no further use. */
  async function showInvitation(visit: Visit): Promise<FastifyReply> {
    const { request, reply, path, context, signUp } = visit;
    const { email, invitation } = signUp;
    if (invitation === undefined) return sayOver(deps, request, reply);
    const session = await deps.signedIn.current(request);
    const own = session?.kind === 'developer' && (await findPerson(deps.db, session.accountId))?.email === email;
    const person = session === undefined ? undefined : { name: session.displayName, own };
    const csrf = deps.cookies.csrf(request, reply);
    return reply.type(HTML).send(takePage(context, { csrf, faults: [], path, email, invitation, person }));
  }
}
