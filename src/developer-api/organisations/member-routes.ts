import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { addMember, changeRole, decideJoinRequest, type OrganisationRole, removeMember } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { findAccountProfile } from '../../identity/index.ts';
import { type AccountId, conflictProblem, type OrganisationId } from '../../kernel/index.ts';
import type { ServerEmailQueue } from '../../mail/index.ts';
import {
  type ComposeEmail,
  ERROR_RESPONSES,
  emailPerson,
  MemberParams,
  noEmail,
  type OrganisationEmailDeps,
  organisationAddress,
  type PortalApi,
  type PortalContext,
  portalAddress,
  RoleUpdateRequest,
} from '../../portal-api/index.ts';
import { endInvitationsBy, endInvitationsToAddress } from '../../sign-up/index.ts';
import { lockAsAdministrator } from './lock-as-administrator.ts';
import { toMemberProblem } from './problems.ts';

const PATH = '/developer/organisations/:organisationId';
const tags = ['organizations'];

interface MembershipChange {
  readonly tx: Executor;
  readonly organisationId: OrganisationId;
  readonly organisationName: string;
  /** The account of the person whose membership changes. */
  readonly accountId: AccountId;
  /** The account of the administrator who makes the change. */
  readonly by: AccountId;
  readonly post: ServerEmailQueue;
}

/**
 * Adds the routes with which administrators of an organization manage members and join requests.
 * Adding a member or widening a role requires a recent authentication.
 */
export function memberRoutes(api: PortalApi, deps: PortalContext & OrganisationEmailDeps): void {
  const { clock } = deps;
  const about = (summary: string) => ({
    tags,
    summary,
    params: MemberParams,
    response: { 204: Type.Null(), ...ERROR_RESPONSES },
  });

  const roles = { ...about('Change a member’s role'), body: RoleUpdateRequest };
  api.patch(`${PATH}/members/:accountId`, { schema: roles }, (request, reply) =>
    decide(request, reply, true, async ({ tx, organisationId, accountId }) => {
      const { role } = request.body;
      const changed = await changeRole(tx, organisationId, accountId, role);
      if (typeof changed === 'string') throw toMemberProblem(changed);
      if (role !== 'administrator') await endInvitationsBy(tx, organisationId, accountId);
      return { action: 'role', was: changed.was, role };
    }),
  );

  api.delete(
    `${PATH}/members/:accountId`,
    { schema: about('Remove a member. They lose access immediately') },
    (request, reply) =>
      decide(request, reply, false, async (matter) => {
        const { tx, organisationId, organisationName, accountId, by, post } = matter;
        const removed = await removeMember(tx, organisationId, accountId);
        if (removed !== 'removed') throw toMemberProblem(removed);
        await endInvitationsBy(tx, organisationId, accountId);
        await endInvitationsTo(matter);
        if (accountId !== by)
          await emailPerson(tx, { ...deps, post }, accountId, (mail) => mail.removed(organisationName));
        return { action: 'remove' };
      }),
  );

  const accepting = { ...about('Approve a request to join'), body: RoleUpdateRequest };
  api.post(`${PATH}/join-requests/:accountId/accept`, { schema: accepting }, (request, reply) =>
    decide(request, reply, true, async (matter) => {
      const { role } = request.body;
      // Adds the member before the join request is marked as accepted. If the account is being
      // closed at the same time, adding waits until the account is closed and its join request is
      // deleted. `settle` then rejects the decision, because there is no such request anymore.
      await addMember(matter.tx, { ...matter, role, now: clock.now() });
      await settle(matter, true);
      await endInvitationsTo(matter);
      await emailPerson(matter.tx, { ...deps, post: matter.post }, matter.accountId, accepted(matter, role));
      return { action: 'accept', role };
    }),
  );

  api.post(
    `${PATH}/join-requests/:accountId/decline`,
    { schema: about('Decline a request to join') },
    (request, reply) =>
      decide(request, reply, false, async (matter) => {
        await settle(matter, false);
        const { organisationName: organisation } = matter;
        const portal = portalAddress(deps);
        await emailPerson(matter.tx, { ...deps, post: matter.post }, matter.accountId, (mail) =>
          mail.joinDeclined({ organisation, portal }),
        );
        return { action: 'decline' };
      }),
  );

  const accepted = (
    { organisationId, organisationName: organisation }: MembershipChange,
    role: OrganisationRole,
  ): ComposeEmail => {
    const portal = organisationAddress(deps, organisationId);
    return (mail, messages) => mail.joinAccepted({ organisation, role: messages.roles[role], portal });
  };

  async function settle({ tx, organisationId, accountId, by }: MembershipChange, accepted: boolean): Promise<void> {
    const decision = { organisationId, accountId, now: clock.now(), by, accepted };
    if (await decideJoinRequest(tx, decision)) return;
    throw conflictProblem(
      'This request no longer exists. Another administrator may have answered it. Reload the page.',
    );
  }

  /**
   * Ends the open invitations to a new member. A person who leaves could otherwise use one to
   * become a member again, at an email address that they may have given up by then.
   */
  async function endInvitationsTo({ tx, organisationId, accountId }: MembershipChange): Promise<void> {
    const email = (await findAccountProfile(tx, accountId))?.email;
    if (email !== undefined) await endInvitationsToAddress(tx, organisationId, email);
  }

  /**
   * Runs a change of the organization's members in one transaction with its audit event.
   * @param proof whether access is added, which requires a recent authentication
   * @param act makes the change and returns the details of the audit event
   */
  async function decide(
    request: FastifyRequest<{ Params: { organisationId: string; accountId: string } }>,
    reply: FastifyReply,
    proof: boolean,
    act: (matter: MembershipChange) => Promise<Readonly<Record<string, unknown>>>,
  ) {
    const { session, membership, db, audit, isMadeUp } = await deps.guard.member(
      request,
      request.params.organisationId,
      'administrator',
    );
    if (proof) deps.guard.requireProof(session);
    const { organisationId, organisationName } = membership;
    const accountId = request.params.accountId as AccountId;
    await db.transaction(async (tx) => {
      await lockAsAdministrator(tx, membership, session.accountId);
      const post = isMadeUp ? noEmail(deps.post) : deps.post;
      const matter = { tx, organisationId, organisationName, accountId, by: session.accountId, post };
      const detail = { ...(await act(matter)), organisationId, whom: accountId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id } as const;
      await audit.appendInTransaction(tx, { ...event, accountId: session.accountId, detail });
    });
    return reply.code(204).send(null as never);
  }
}
