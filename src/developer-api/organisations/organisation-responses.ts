import type { Static } from 'typebox';
import type { JoinApplicant, Organisation, OrganisationRole, OwnJoinRequest } from '../../apps/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import {
  type JoinRequestResponse,
  type MemberResponse,
  type OrganisationInvitationResponse,
  type OrganisationMember,
  type OwnJoinRequestResponse,
  type OwnOrganisation,
  toTimestamp,
} from '../../portal-api/index.ts';
import type { PendingInvitation } from '../../sign-up/index.ts';

export const toOwnOrganisation = (
  organisation: Organisation,
  role: OrganisationRole,
): Static<typeof OwnOrganisation> => ({
  organisationId: organisation.organisationId,
  name: organisation.name,
  domain: organisation.domain ?? null,
  website: organisation.website ?? null,
  createdAt: organisation.createdAt.toISOString(),
  verifiedAt: toTimestamp(organisation.verifiedAt),
  role,
});

export const toMemberResponse = (person: OrganisationMember, you: AccountId): MemberResponse => ({
  accountId: person.accountId,
  name: person.name,
  email: person.email ?? null,
  role: person.role,
  joinedAt: person.joinedAt.toISOString(),
  you: person.accountId === you,
});

export const toJoinRequestResponse = ({ accountId, name, email, requestedAt }: JoinApplicant): JoinRequestResponse => ({
  accountId,
  name,
  email: email ?? null,
  askedAt: requestedAt.toISOString(),
});

export const toInvitationResponse = (invitation: PendingInvitation): OrganisationInvitationResponse => ({
  ...invitation,
  invitedBy: invitation.invitedBy ?? null,
  createdAt: invitation.createdAt.toISOString(),
  expiresAt: invitation.expiresAt.toISOString(),
});

export const toOwnJoinRequestResponse = (request: OwnJoinRequest): Static<typeof OwnJoinRequestResponse> => ({
  organisationId: request.organisationId,
  organisationName: request.organisationName,
  askedAt: request.requestedAt.toISOString(),
  declinedAt: toTimestamp(request.declinedAt),
});
