import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccountId } from '../../kernel/index.ts';
import { isUuid } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { requireChangeable, type Session } from '../../people/index.ts';
import { addPractice, countsOf, DEFAULT_TIME_ZONE, type PracticeKind } from '../../practices/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { fieldOf, isName, nameIn } from '../given.ts';
import { inviteAdministrator, mailInvitation, UNSENT } from '../invitations/invite.ts';
import { cancelInvitation, openInvitations } from '../invitations/store.ts';
import { notFound } from '../roles.ts';
import { readPerson } from '../staff/read-job.ts';
import { administratorInvitedPage, administratorsPage, inviteAdministratorPage } from './administrator-pages.ts';
import { dismissAdministrator, listAdministrators } from './administrators.ts';
import { ADMINISTRATION, ADMINISTRATORS } from './frame.ts';
import { newPracticePage, practicesPage } from './practice-pages.ts';

/** Registers the pages that administer practices and administrators of the installation. They never show patients. */
export function administrationRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  const { db, audit } = deps;

  app.get(ADMINISTRATION, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    const practices = await countsOf(db);
    const id = fieldOf(request.query, 'made');
    const created = practices.find(({ practiceId }) => String(practiceId) === id)?.name;
    return send(
      reply,
      practicesPage(pageContextFor(request), { ...baseContext(request, reply, session), practices, made: created }),
    );
  });

  app.get(`${ADMINISTRATION}/practices/new`, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    return showNewPractice(request, reply, session, { name: '', kind: '' }, []);
  });

  app.post(`${ADMINISTRATION}/practices/new`, async (request, reply) => {
    const session = await requirePostSession(request);
    const input = { name: nameIn(request.body, 'name'), kind: fieldOf(request.body, 'kind') };
    const errors = practiceFaults(input);
    if (errors.length > 0) return showNewPractice(request, reply.code(400), session, input, errors);
    const practiceId = await db.transaction(async (tx) => {
      const kind = input.kind as PracticeKind;
      const created = await addPractice(tx, { kind, name: input.name, timeZone: DEFAULT_TIME_ZONE });
      const detail = { action: 'add', practice: created, kind };
      if (created !== undefined)
        await audit.recordWithin(tx, { ...eventOf(request, session), kind: 'practice', detail });
      return created;
    });
    if (practiceId === undefined) return showNewPractice(request, reply.code(400), session, input, [TAKEN]);
    return reply.redirect(`${ADMINISTRATION}?made=${practiceId}`, 303);
  });

  app.get(ADMINISTRATORS, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    return showAdministrators(request, reply, session, undefined);
  });

  app.get(`${ADMINISTRATORS}/invite`, async (request, reply) => {
    const session = await deps.signedIn.administrator(request);
    const page = { ...baseContext(request, reply, session), name: '', email: '', faults: [] };
    return send(reply, inviteAdministratorPage(pageContextFor(request), page));
  });

  app.post(`${ADMINISTRATORS}/invite`, async (request, reply) => {
    const session = await requirePostSession(request);
    const read = readPerson(request.body);
    const page = { ...baseContext(request, reply, session), ...read };
    if (read.faults.length > 0) return send(reply.code(400), inviteAdministratorPage(pageContextFor(request), page));
    const { name } = read;
    const email = read.email === '' ? undefined : read.email;
    const invited = await db.transaction(async (tx) => {
      const inviter = { accountId: session.accountId, requestId: request.id };
      const created = await inviteAdministrator(tx, deps, inviter, { name, email });
      const sender = { name: deps.brandName, replyTo: undefined, timeZone: 'UTC' };
      if (email !== undefined) await mailInvitation(tx, deps.post, sender, { ...created, to: email, name });
      return created;
    });
    if (email !== undefined) return reply.redirect(`${ADMINISTRATORS}?done=invited`, 303);
    return send(
      reply,
      administratorInvitedPage(pageContextFor(request), { ...baseContext(request, reply, session), name, invited }),
    );
  });

  app.post(`${ADMINISTRATORS}/invitations/:invitationId/cancel`, async (request, reply) => {
    const session = await requirePostSession(request);
    const invitationId = idIn(request, 'invitationId');
    await db.transaction(async (tx) => {
      if (!(await cancelInvitation(tx, invitationId, undefined, deps.clock.now()))) throw notFound();
      const detail = { action: 'cancel-invitation', invitation: invitationId };
      await audit.recordWithin(tx, { ...eventOf(request, session), kind: 'staff', detail });
    });
    return reply.redirect(`${ADMINISTRATORS}?done=cancelled`, 303);
  });

  app.post(`${ADMINISTRATORS}/:accountId/remove`, async (request, reply) => {
    const session = await requirePostSession(request);
    const accountId = idIn(request, 'accountId') as AccountId;
    const outcome = await db.transaction(async (tx) => {
      const dismissed = await dismissAdministrator(tx, session.accountId, accountId);
      const detail = { action: 'remove', as: 'administrator', whom: accountId };
      if (dismissed === 'done') await audit.recordWithin(tx, { ...eventOf(request, session), kind: 'staff', detail });
      return dismissed;
    });
    if (outcome === 'none') throw notFound();
    if (outcome === 'last') return showAdministrators(request, reply.code(400), session, LAST);
    return reply.redirect(accountId === session.accountId ? '/practice' : `${ADMINISTRATORS}?done=removed`, 303);
  });

  async function requirePostSession(request: FastifyRequest): Promise<Session> {
    deps.cookies.requireCsrf(request, fieldOf(request.body, 'csrf'));
    const session = await deps.signedIn.administrator(request);
    requireChangeable(session);
    return session;
  }

  function showNewPractice(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    input: { readonly name: string; readonly kind: string },
    errors: readonly FieldFault[],
  ): FastifyReply {
    return send(
      reply,
      newPracticePage(pageContextFor(request), { ...baseContext(request, reply, session), ...input, faults: errors }),
    );
  }

  async function showAdministrators(
    request: FastifyRequest,
    reply: FastifyReply,
    session: Session,
    errorMessage: string | undefined,
  ): Promise<FastifyReply> {
    const done = fieldOf(request.query, 'done');
    const page = {
      ...baseContext(request, reply, session),
      administrators: await listAdministrators(db),
      invitations: await openInvitations(db, undefined, deps.clock.now()),
      fault: errorMessage,
      done: done === 'invited' && !deps.post.sends ? UNSENT : DONE[done],
    };
    return send(reply, administratorsPage(pageContextFor(request), page));
  }

  const pageContextFor = (request: FastifyRequest) => deps.framing.forStaff(request);
  const baseContext = (request: FastifyRequest, reply: FastifyReply, session: Session) => ({
    session,
    csrf: deps.cookies.csrf(request, reply),
  });
}

const send = (reply: FastifyReply, page: string): FastifyReply => reply.type('text/html; charset=utf-8').send(page);

const eventOf = (request: FastifyRequest, { accountId }: Session) =>
  ({ outcome: 'success', requestId: request.id, accountId }) as const;

function idIn(request: FastifyRequest, name: string): string {
  const id = (request.params as Readonly<Record<string, string>>)[name] ?? '';
  if (!isUuid(id)) throw notFound();
  return id;
}

const practiceFaults = ({ name, kind }: { readonly name: string; readonly kind: string }): readonly FieldFault[] => [
  ...(isName(name) ? [] : [{ field: 'name', message: 'Enter the name of the practice, in at most 100 characters' }]),
  ...(kind === 'live' || kind === 'sandbox' ? [] : [{ field: 'kind', message: 'Choose live or sandbox' }]),
];

const TAKEN: FieldFault = { field: 'name', message: 'There is a practice with that name already. Choose another' };
const LAST = 'There must be an administrator who can sign in. Invite another one first';

const DONE: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  invited: 'The invitation is on its way.',
  cancelled: 'The invitation is taken back: its link opens nothing.',
  removed: 'Removed. They are an administrator no longer.',
});
