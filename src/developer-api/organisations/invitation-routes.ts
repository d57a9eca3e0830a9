import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { formatLongDateTime, type Language, type PageContexts } from '../../i18n/index.ts';
import { findDeveloperProfileByEmail } from '../../identity/index.ts';
import {
  conflictProblem,
  days,
  hours,
  invalidField,
  isEmailAddress,
  later,
  normalizeEmailAddress,
  notFoundProblem,
  Problem,
  randomSecret,
  sha256,
} from '../../kernel/index.ts';
import {
  type OrganisationAccess as At,
  ERROR_RESPONSES,
  listOrganisationMembers,
  NewOrganisationInvitationRequest,
  type OrganisationEmailDeps,
  OrganisationInvitationParams,
  OrganisationInvitationResponse,
  OrganisationParams,
  type PortalApi,
  type PortalContext,
  portalAddress,
  queueDeveloperEmail,
} from '../../portal-api/index.ts';
import { countUse, type SharedRateLimit } from '../../rate-limit/index.ts';
import {
  cancelInvitation,
  endInvitationsToAddress,
  insertSignUp,
  type PendingInvitation,
} from '../../sign-up/index.ts';
import { lockAsAdministrator } from './lock-as-administrator.ts';
import { toInvitationResponse } from './organisation-responses.ts';

const INVITATION_LIFETIME = days(7);
/** Rate limits of invitations, so that no one sends bulk email through this server or repeatedly emails one person. */
const PER_ORGANISATION: SharedRateLimit = { max: 30, window: hours(24), name: 'invited-by' };
const PER_ADDRESS: SharedRateLimit = { max: 3, window: hours(1), name: 'invited' };

const PATH = '/developer/organisations/:organisationId/invitations';
const tags = ['organizations'];

export interface OrganisationRouteDeps extends PortalContext, OrganisationEmailDeps {
  readonly framing: PageContexts;
}

/**
 * Adds the routes with which administrators of an organization invite people by email. The
 * invitation link is valid for a week, for anyone who can read email at the invited address.
 */
export function invitationRoutes(api: PortalApi, deps: OrganisationRouteDeps): void {
  const { db, clock, guard } = deps;

  const inviting = {
    tags,
    summary: 'Invite a person by email',
    params: OrganisationParams,
    body: NewOrganisationInvitationRequest,
    response: { 201: OrganisationInvitationResponse, ...ERROR_RESPONSES },
  };
  api.post(PATH, { schema: inviting }, async (request, reply) => {
    // An invitation would let a real person join, and sends email.
    await guard.developer(request);
    const at = await guard.member(request, request.params.organisationId, 'administrator');
    guard.requireProof(at.session);
    const email = normalizeEmailAddress(request.body.email);
    if (!isEmailAddress(email)) throw invalidField('email', 'Enter an email address, such as name@example.com.');
    await requireBelowLimits(at, email);
    const made = await invite(request, at, { email, role: request.body.role });
    return reply.code(201).send(toInvitationResponse(made));
  });

  const ending = {
    tags,
    summary: 'Cancel an invitation',
    params: OrganisationInvitationParams,
    response: { 204: Type.Null(), ...ERROR_RESPONSES },
  };
  api.delete(`${PATH}/:invitationId`, { schema: ending }, async (request, reply) => {
    await guard.developer(request);
    const { session, membership } = await guard.member(request, request.params.organisationId, 'administrator');
    const { organisationId } = membership;
    const { invitationId } = request.params;
    await db.transaction(async (tx) => {
      await lockAsAdministrator(tx, membership, session.accountId);
      if (!(await cancelInvitation(tx, organisationId, invitationId)))
        throw notFoundProblem('This invitation no longer exists. It may have been used.');
      const detail = { action: 'take-back-invitation', organisationId, signUp: invitationId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id } as const;
      await deps.audit.appendInTransaction(tx, { ...event, accountId: session.accountId, detail });
    });
    return reply.code(204).send(null);
  });

  async function invite(
    request: FastifyRequest,
    { session, membership }: At,
    wanted: Pick<PendingInvitation, 'email' | 'role'>,
  ): Promise<PendingInvitation> {
    const { organisationId, organisationName: organisation } = membership;
    const { accountId: invitedBy, displayName: inviterName } = session;
    const { email, role } = wanted;
    const token = randomSecret(deps.random);
    const now = clock.now();
    const made = {
      invitationId: deps.random.uuid(),
      email,
      role,
      createdAt: now,
      expiresAt: later(now, INVITATION_LIFETIME),
    };
    await db.transaction(async (tx) => {
      await lockAsAdministrator(tx, membership, invitedBy);
      const members = await listOrganisationMembers({ db: tx }, organisationId);
      if (members.some((one) => one.email === email))
        throw conflictProblem(`${email} already belongs to ${organisation}.`);
      await endInvitationsToAddress(tx, organisationId, email);
      // The language of a new person is unknown, so the email uses that of the person who invites
      // them.
      const person = await findDeveloperProfileByEmail(tx, email);
      const language: Language = person?.language ?? deps.framing.forOperator(request).language;
      const { invitationId: signUpId, expiresAt } = made;
      const invitation = { organisationId, role, invitedBy };
      await insertSignUp(tx, { hash: sha256(token), signUpId, email, language, invitation, now, expiresAt });
      const link = `${portalAddress(deps)}/sign-up/${token}`;
      const until = formatLongDateTime(language, expiresAt, 'UTC');
      await queueDeveloperEmail(tx, deps, { email, language, name: person?.displayName }, (mail, messages) =>
        mail.invited({ who: inviterName, organisation, role: messages.roles[role], link, until }),
      );
      const detail = { action: 'invite', organisationId, role, signUp: signUpId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id } as const;
      await deps.audit.appendInTransaction(tx, { ...event, accountId: invitedBy, detail });
    });
    return { ...made, invitedBy: inviterName };
  }

  async function requireBelowLimits({ membership }: At, email: string): Promise<void> {
    const { organisationId } = membership;
    const exceeded =
      (await countUse(deps, PER_ORGANISATION, organisationId)) ?? (await countUse(deps, PER_ADDRESS, email));
    if (exceeded === undefined) return;
    const message = 'Too many invitations were sent. Try again later.';
    throw new Problem('too-many-attempts', { status: 429, message, retryAfter: exceeded.retryAfter });
  }
}
