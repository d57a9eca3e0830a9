import type { Static } from 'typebox';
import type { AccountId } from '../../kernel/index.ts';
import type { MemberRole, Organisation, OwnRequest } from '../../registry/index.ts';
import type {
  InvitationAnswer,
  JoinRequestAnswer,
  MemberAnswer,
  OwnOrganisation,
  OwnRequestAnswer,
} from '../contract/organisations.ts';
import type { MemberPerson } from './people.ts';
import type { OpenInvitation, WaitingPerson } from './waiting.ts';

const momentOf = (at: Date | undefined): string | null => at?.toISOString() ?? null;

export const organisationAnswer = (organisation: Organisation, role: MemberRole): Static<typeof OwnOrganisation> => ({
  organisationId: organisation.organisationId,
  name: organisation.name,
  domain: organisation.domain ?? null,
  website: organisation.website ?? null,
  createdAt: organisation.createdAt.toISOString(),
  verifiedAt: momentOf(organisation.verifiedAt),
  role,
});

export const memberAnswer = (person: MemberPerson, you: AccountId): MemberAnswer => ({
  accountId: person.accountId,
  name: person.name,
  email: person.email ?? null,
  role: person.role,
  joinedAt: person.joinedAt.toISOString(),
  you: person.accountId === you,
});

export const requestAnswer = ({ accountId, name, email, askedAt }: WaitingPerson): JoinRequestAnswer => ({
  accountId,
  name,
  email: email ?? null,
  askedAt: askedAt.toISOString(),
});

export const invitationAnswer = (invitation: OpenInvitation): InvitationAnswer => ({
  ...invitation,
  invitedBy: invitation.invitedBy ?? null,
  createdAt: invitation.createdAt.toISOString(),
  expiresAt: invitation.expiresAt.toISOString(),
});

export const ownRequestAnswer = (request: OwnRequest): Static<typeof OwnRequestAnswer> => ({
  organisationId: request.organisationId,
  organisationName: request.organisationName,
  askedAt: request.askedAt.toISOString(),
  declinedAt: momentOf(request.declinedAt),
});
