import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Executor } from '../../database/index.ts';
import type { AccountId, OrganisationId } from '../../kernel/index.ts';
import { findPerson, requireChangeable } from '../../people/index.ts';
import { addMember, changeRole, decideRequest, type MemberRole, removeMember } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { AtMember, RoleChange } from '../contract/organisations.ts';
import type { PortalDeps } from '../deps.ts';
import { holdAsAdministrator } from './hold.ts';
import { organisationAddress, portalAddress, type Say, tellPerson } from './mails.ts';
import { conflict, refusalOf } from './refusals.ts';
import { endInvitationsBy, replaceInvitations } from './waiting.ts';

const PATH = '/developer/organisations/:organisationId';
const tags = ['organizations'];

interface Matter {
  readonly tx: Executor;
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  /** The affected person. */
  readonly accountId: AccountId;
  /** The administrator who makes the change. */
  readonly by: AccountId;
}

/**
 * Adds the routes for members and join requests, for administrators of the organization. Adding a
 * member or widening a role requires a recent authentication.
 */
export function peopleRoutes(api: Api, deps: PortalDeps): void {
  const { clock } = deps;
  const about = (summary: string) => ({ tags, summary, params: AtMember, response: { 204: Type.Null(), ...REFUSALS } });

  const roles = { ...about('Change what somebody may do'), body: RoleChange };
  api.patch(`${PATH}/members/:accountId`, { schema: roles }, (request, reply) =>
    decide(request, reply, true, async ({ tx, organisationId, accountId }) => {
      const { role } = request.body;
      const changed = await changeRole(tx, organisationId, accountId, role);
      if (typeof changed === 'string') throw refusalOf(changed);
      if (role !== 'administrator') await endInvitationsBy(tx, organisationId, accountId);
      return { action: 'role', was: changed.was, role };
    }),
  );

  api.delete(
    `${PATH}/members/:accountId`,
    { schema: about('Remove somebody: they lose access at once') },
    (request, reply) =>
      decide(request, reply, false, async (matter) => {
        const { tx, organisationId, organisationName, accountId, by } = matter;
        const removed = await removeMember(tx, organisationId, accountId);
        if (removed !== 'removed') throw refusalOf(removed);
        await endInvitationsBy(tx, organisationId, accountId);
        await endInvitationsTo(matter);
        if (accountId !== by) await tellPerson(tx, deps, accountId, (mail) => mail.removed(organisationName));
        return { action: 'remove' };
      }),
  );

  const accepting = { ...about('Let in somebody who asks'), body: RoleChange };
  api.post(`${PATH}/join-requests/:accountId/accept`, { schema: accepting }, (request, reply) =>
    decide(request, reply, true, async (matter) => {
      const { role } = request.body;
      // This comes first: it waits for an account that is being closed at this moment, which also deletes
      // the request.
      await addMember(matter.tx, { ...matter, role, now: clock.now() });
      await settle(matter, true);
      await endInvitationsTo(matter);
      await tellPerson(matter.tx, deps, matter.accountId, accepted(matter, role));
      return { action: 'accept', role };
    }),
  );

  api.post(
    `${PATH}/join-requests/:accountId/decline`,
    { schema: about('Decline that somebody joins') },
    (request, reply) =>
      decide(request, reply, false, async (matter) => {
        await settle(matter, false);
        const { organisationName: organisation } = matter;
        const portal = portalAddress(deps);
        await tellPerson(matter.tx, deps, matter.accountId, (mail) => mail.declined({ organisation, portal }));
        return { action: 'decline' };
      }),
  );

  const accepted = ({ organisationId, organisationName: organisation }: Matter, role: MemberRole): Say => {
    const portal = organisationAddress(deps, organisationId);
    return (mail, messages) => mail.accepted({ organisation, role: messages.roles[role], portal });
  };

  async function settle({ tx, organisationId, accountId, by }: Matter, accepted: boolean): Promise<void> {
    const decision = { organisationId, accountId, now: clock.now(), by, accepted };
    if (await decideRequest(tx, decision)) return;
    throw conflict('There is no such request any more: somebody may have answered it. Load the page again.');
  }

  /**
   * An unused invitation could otherwise let the person in again later, at an address they may have
   * given up by then.
   */
  async function endInvitationsTo({ tx, organisationId, accountId }: Matter): Promise<void> {
    const email = (await findPerson(tx, accountId))?.email;
    if (email !== undefined) await replaceInvitations(tx, organisationId, email);
  }

  /**
   * @param proof whether access is added, which requires a recent authentication @param act makes the
   * change and returns the audit detail
   */
  async function decide(
    request: FastifyRequest<{ Params: { organisationId: string; accountId: string } }>,
    reply: FastifyReply,
    proof: boolean,
    act: (matter: Matter) => Promise<Readonly<Record<string, unknown>>>,
  ) {
    const { session, membership } = await deps.guard.member(request, request.params.organisationId, 'administrator');
    requireChangeable(session);
    if (proof) deps.guard.requireProof(session);
    const { organisationId, organisationName } = membership;
    const accountId = request.params.accountId as AccountId;
    await deps.db.transaction(async (tx) => {
      await holdAsAdministrator(tx, membership, session.accountId);
      const matter = { tx, organisationId, organisationName, accountId, by: session.accountId };
      const detail = { ...(await act(matter)), organisationId, whom: accountId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id } as const;
      await deps.audit.recordWithin(tx, { ...event, accountId: session.accountId, detail });
    });
    return reply.code(204).send(null as never);
  }
}
