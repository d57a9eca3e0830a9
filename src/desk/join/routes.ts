import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, sha256 } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import {
  type Entrance,
  findPersonByUsername,
  foldUsername,
  isUsername,
  type PasswordFault,
  passwordFaults,
  requireChangeable,
  SHORTEST_PASSWORD,
} from '../../people/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { fieldOf, isName, nameIn } from '../given.ts';
import { findInvitation, type StaffInvitation } from '../invitations/store.ts';
import { makeAccount, type WantedAccount } from './make-account.ts';
import { joinPage } from './page.ts';
import { takeOn } from './take-on.ts';

type Asked = FastifyRequest<{ Params: { token: string } }>;

/**
 * Registers `/join/{token}`, where an invited person creates an account or accepts with an existing one. Opening the
 * page doesn't redeem the invitation, since mail scanners open links too.
 */
export function joinRoutes(app: FastifyInstance, deps: OfficeDeps & { readonly entrance: Entrance }): void {
  app.get('/join/:token', async (request: Asked, reply) => {
    const invitation = await requireInvitation(request);
    return show(request, reply, invitation, { username: '', displayName: '' }, []);
  });

  app.post('/join/:token', async (request: Asked, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const invitation = await requireInvitation(request);
    const newAccount = wantedIn(request.body, invitation);
    const errors = faultsOf(newAccount, invitation);
    if (errors.length === 0 && (await isTaken(newAccount))) errors.push(TAKEN);
    if (errors.length > 0) return show(request, reply.code(400), invitation, newAccount, errors);
    const outcome = await makeAccount(
      deps,
      { token: request.params.token, requestId: request.id },
      invitation,
      newAccount,
    );
    if (outcome === 'over') throw over();
    if (outcome === 'taken') return show(request, reply.code(400), invitation, newAccount, [TAKEN]);
    return reply.redirect(
      await deps.entrance.enter(request, reply, outcome, { returnTo: '/practice', fresh: true }),
      303,
    );
  });

  app.post('/join/:token/accept', async (request: Asked, reply) => {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const session = await deps.signedIn.staff(request);
    requireChangeable(session);
    const invitation = await requireInvitation(request);
    const outcome = await takeOn(deps, { token: request.params.token, requestId: request.id }, session, invitation);
    if (outcome === 'over') throw over();
    if (outcome === 'there')
      return show(request, reply.code(400), invitation, { username: '', displayName: '' }, [THERE]);
    return reply.redirect('/practice', 303);
  });

  async function requireInvitation({ params: { token } }: Asked): Promise<StaffInvitation> {
    const invitation = await findInvitation(deps.db, sha256(token), deps.clock.now());
    if (invitation === undefined) throw over();
    return invitation;
  }

  const isTaken = async ({ username }: WantedAccount): Promise<boolean> =>
    (await findPersonByUsername(deps.db, foldUsername(username))) !== undefined;

  /** A shared sandbox account can't accept invitations. */
  async function signedInName(request: Asked): Promise<string | undefined> {
    const session = await deps.signedIn.current(request);
    return session?.kind === 'staff' && !session.published ? session.displayName : undefined;
  }

  async function show(
    request: Asked,
    reply: FastifyReply,
    invitation: StaffInvitation,
    { username, displayName }: Omit<WantedAccount, 'password'>,
    errors: readonly FieldFault[],
  ): Promise<FastifyReply> {
    const path = `/join/${encodeURIComponent(request.params.token)}`;
    const csrf = deps.cookies.csrf(request, reply);
    const person = await signedInName(request);
    const page = { path, csrf, invitation, brandName: deps.brandName, person, username, displayName, faults: errors };
    return reply.type('text/html; charset=utf-8').send(joinPage(deps.framing.forStaff(request), page));
  }
}

/** The same response for used, expired, cancelled and unknown links, so that guessing reveals nothing. */
const over = (): Problem =>
  new Problem('link-over', {
    status: 404,
    message: 'This link was used, or is too old, or was taken back. Ask whoever gave it to you for a new one.',
  });

const wantedIn = (form: unknown, { name }: StaffInvitation): WantedAccount => ({
  username: fieldOf(form, 'username').trim(),
  password: fieldOf(form, 'password'),
  displayName: name === '' ? nameIn(form, 'name') : name,
});

function faultsOf(newAccount: WantedAccount, { email }: StaffInvitation): FieldFault[] {
  const [password] = passwordFaults(newAccount.password, { ...newAccount, email });
  return [
    ...(isName(newAccount.displayName)
      ? []
      : [{ field: 'name', message: 'Enter your name, in at most 100 characters' }]),
    ...(isUsername(newAccount.username) ? [] : [{ field: 'username', message: USERNAME }]),
    ...(password === undefined ? [] : [{ field: 'password', message: PASSWORD[password] }]),
  ];
}

const THERE: FieldFault = {
  field: 'account',
  message: 'You work there already. Ask an administrator of the practice to change what you do',
};
const TAKEN: FieldFault = { field: 'username', message: 'Somebody has that username already. Choose another' };
const USERNAME = 'Choose a username of 3 to 100 letters, digits or . _ @ + -';
const PASSWORD: Readonly<Record<PasswordFault, string>> = {
  'too-short': `Choose a password of at least ${SHORTEST_PASSWORD} characters`,
  'too-long': 'Choose a shorter password: at most 200 characters',
  common: 'Choose another password: this one is among the first that are guessed',
  'own-name': 'Choose a password that is not made of your name or username',
};
