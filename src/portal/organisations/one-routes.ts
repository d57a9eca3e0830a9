import { Type } from 'typebox';
import { requireChangeable } from '../../people/index.ts';
import { changeOrganisation, findOrganisation, removeMember } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import type { AtOrganisation as At } from '../api/guard.ts';
import { REFUSALS } from '../contract/answers.ts';
import { AtOrganisation, OneOrganisation, OrganisationChange, OwnOrganisation } from '../contract/organisations.ts';
import type { PortalDeps } from '../deps.ts';
import { invitationAnswer, memberAnswer, organisationAnswer, requestAnswer } from './answers.ts';
import { requireFields } from './fields.ts';
import { holdAsAdministrator } from './hold.ts';
import { peopleOfOrganisation } from './people.ts';
import { missing, refusalOf } from './refusals.ts';
import { endInvitationsBy, listInvitations, listRequests } from './waiting.ts';

const PATH = '/developer/organisations/:organisationId';
const tags = ['organizations'];

/** Adds the routes of one organization: reading it, changing name and website, and leaving it. */
export function oneRoutes(api: Api, deps: PortalDeps): void {
  const { db, guard } = deps;

  const summary = 'An organization with its people, and what waits for its administrators';
  const reading = { tags, summary, params: AtOrganisation, response: { 200: OneOrganisation, ...REFUSALS } };
  api.get(PATH, { schema: reading }, async (request) =>
    buildResponse(await guard.member(request, request.params.organisationId, 'reader')),
  );

  const changing = {
    tags,
    summary: 'Change name or website',
    description: 'A new name takes the verification back: administrators make sure of it again.',
    params: AtOrganisation,
    body: OrganisationChange,
    response: { 200: OwnOrganisation, ...REFUSALS },
  };
  api.patch(PATH, { schema: changing }, async (request) => {
    const { session, membership } = await guard.member(request, request.params.organisationId, 'administrator');
    requireChangeable(session);
    const { organisationId } = membership;
    const { accountId } = session;
    const changed = await db.transaction(async (tx) => {
      await holdAsAdministrator(tx, membership, accountId);
      const had = await findOrganisation(tx, organisationId);
      const { name = had?.name ?? '', website = had?.website } = request.body;
      const fields = requireFields({ name, website });
      const detail = { action: 'change', organisationId, renamed: fields.name !== had?.name };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id, accountId } as const;
      await deps.audit.recordWithin(tx, { ...event, detail });
      return changeOrganisation(tx, organisationId, fields);
    });
    if (changed === undefined) throw missing();
    return organisationAnswer(changed, membership.role);
  });

  const leaving = {
    tags,
    summary: 'Leave an organization',
    params: AtOrganisation,
    response: { 204: Type.Null(), ...REFUSALS },
  };
  api.post(`${PATH}/leave`, { schema: leaving }, async (request, reply) => {
    const { session, membership } = await guard.member(request, request.params.organisationId, 'reader');
    requireChangeable(session);
    const { organisationId } = membership;
    const { accountId } = session;
    await db.transaction(async (tx) => {
      const left = await removeMember(tx, organisationId, accountId);
      if (left !== 'removed') throw refusalOf(left);
      await endInvitationsBy(tx, organisationId, accountId);
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id, accountId } as const;
      await deps.audit.recordWithin(tx, { ...event, detail: { action: 'leave', organisationId } });
    });
    return reply.code(204).send(null);
  });

  async function buildResponse({ session, membership }: At) {
    const { organisationId, role } = membership;
    const organisation = await findOrganisation(db, organisationId);
    if (organisation === undefined) throw missing();
    const people = await peopleOfOrganisation(deps, organisationId);
    const decides = role === 'administrator';
    const requests = decides ? await listRequests(db, organisationId) : [];
    const invitations = decides ? await listInvitations(db, organisationId, deps.clock.now()) : [];
    return {
      ...organisationAnswer(organisation, role),
      members: people.map((person) => memberAnswer(person, session.accountId)),
      requests: requests.map(requestAnswer),
      invitations: invitations.map(invitationAnswer),
    };
  }
}
