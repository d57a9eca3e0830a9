import { Type } from 'typebox';
import { changeOrganisation, findOrganisation, listJoinApplicants, removeMember } from '../../apps/index.ts';
import {
  type OrganisationAccess as At,
  ERROR_RESPONSES,
  listOrganisationMembers,
  missingOrNotOwn,
  OrganisationDetailResponse,
  OrganisationParams,
  OrganisationUpdateRequest,
  OwnOrganisation,
  type PortalApi,
  type PortalContext,
} from '../../portal-api/index.ts';
import { endInvitationsBy, listInvitations } from '../../sign-up/index.ts';
import { parseOrganisationFields } from './fields.ts';
import { lockAsAdministrator } from './lock-as-administrator.ts';
import {
  toInvitationResponse,
  toJoinRequestResponse,
  toMemberResponse,
  toOwnOrganisation,
} from './organisation-responses.ts';
import { toMemberProblem } from './problems.ts';

const PATH = '/developer/organisations/:organisationId';
const tags = ['organizations'];

/** Adds the routes to read an organization, to change its name and website, and to leave it. */
export function organisationRoutes(api: PortalApi, deps: PortalContext): void {
  const { guard } = deps;

  const summary = 'Get an organization with its members, pending requests and open invitations';
  const reading = {
    tags,
    summary,
    params: OrganisationParams,
    response: { 200: OrganisationDetailResponse, ...ERROR_RESPONSES },
  };
  api.get(PATH, { schema: reading }, async (request) =>
    buildResponse(await guard.member(request, request.params.organisationId, 'reader')),
  );

  const changing = {
    tags,
    summary: 'Change the name or website of an organization',
    description: 'A new name removes the verification. Administrators must verify the organization again.',
    params: OrganisationParams,
    body: OrganisationUpdateRequest,
    response: { 200: OwnOrganisation, ...ERROR_RESPONSES },
  };
  api.patch(PATH, { schema: changing }, async (request) => {
    const { session, membership, db, audit } = await guard.member(
      request,
      request.params.organisationId,
      'administrator',
    );
    const { organisationId } = membership;
    const { accountId } = session;
    const changed = await db.transaction(async (tx) => {
      await lockAsAdministrator(tx, membership, accountId);
      const had = await findOrganisation(tx, organisationId);
      const { name = had?.name ?? '', website = had?.website } = request.body;
      const fields = parseOrganisationFields({ name, website });
      const detail = { action: 'change', organisationId, renamed: fields.name !== had?.name };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id, accountId } as const;
      await audit.appendInTransaction(tx, { ...event, detail });
      return changeOrganisation(tx, organisationId, fields);
    });
    if (changed === undefined) throw missingOrNotOwn();
    return toOwnOrganisation(changed, membership.role);
  });

  const leaving = {
    tags,
    summary: 'Leave an organization',
    params: OrganisationParams,
    response: { 204: Type.Null(), ...ERROR_RESPONSES },
  };
  api.post(`${PATH}/leave`, { schema: leaving }, async (request, reply) => {
    await guard.developer(request);
    const { session, membership, db } = await guard.member(request, request.params.organisationId, 'reader');
    const { organisationId } = membership;
    const { accountId } = session;
    await db.transaction(async (tx) => {
      const left = await removeMember(tx, organisationId, accountId);
      if (left !== 'removed') throw toMemberProblem(left);
      await endInvitationsBy(tx, organisationId, accountId);
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id, accountId } as const;
      await deps.audit.appendInTransaction(tx, { ...event, detail: { action: 'leave', organisationId } });
    });
    return reply.code(204).send(null);
  });

  async function buildResponse({ session, membership, db }: At) {
    const { organisationId, role } = membership;
    const organisation = await findOrganisation(db, organisationId);
    if (organisation === undefined) throw missingOrNotOwn();
    const members = await listOrganisationMembers({ db }, organisationId);
    const decides = role === 'administrator';
    const requests = decides ? await listJoinApplicants(db, organisationId) : [];
    const invitations = decides ? await listInvitations(db, organisationId, deps.clock.now()) : [];
    return {
      ...toOwnOrganisation(organisation, role),
      members: members.map((person) => toMemberResponse(person, session.accountId)),
      requests: requests.map(toJoinRequestResponse),
      invitations: invitations.map(toInvitationResponse),
    };
  }
}
