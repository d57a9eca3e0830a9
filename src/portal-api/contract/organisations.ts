import { type Static, Type } from 'typebox';
import { Id, Moment, nullable } from './common.ts';
import { OrganisationResponse } from './review.ts';
import { OrganisationRoleName } from './session.ts';

const Name = Type.String({ maxLength: 100, description: 'Plain visible text: patients read it beside the apps.' });
const Website = Type.String({ maxLength: 2000, description: 'https; empty: none.' });

export const OwnOrganisation = Type.Object({ ...OrganisationResponse.properties, role: OrganisationRoleName });

export const OwnJoinRequestResponse = Type.Object({
  organisationId: Id,
  organisationName: Type.String(),
  askedAt: Moment,
  declinedAt: nullable(Moment),
});

export const OwnOrganisationsResponse = Type.Object({
  organisations: Type.Array(
    Type.Object({
      ...OwnOrganisation.properties,
      waiting: Type.Integer({ description: 'People who ask you, its administrator, to be let in.' }),
    }),
  ),
  requests: Type.Array(OwnJoinRequestResponse, { description: 'Where they asked to be let in, and are not.' }),
  mayAsk: nullable(
    Type.String({ description: 'Name of the organization of their address, which they may ask to join.' }),
  ),
  account: Type.Object({
    email: nullable(Type.String()),
    secondFactor: Type.Boolean({ description: 'Whether there is a passkey or an authenticator app.' }),
  }),
});
export type OwnOrganisationsResponse = Static<typeof OwnOrganisationsResponse>;

export const MemberResponse = Type.Object({
  accountId: Id,
  name: Type.String(),
  email: nullable(Type.String()),
  role: OrganisationRoleName,
  joinedAt: Moment,
  you: Type.Boolean(),
});
export type MemberResponse = Static<typeof MemberResponse>;

export const JoinRequestResponse = Type.Object({
  accountId: Id,
  name: Type.String(),
  email: nullable(Type.String()),
  askedAt: Moment,
});
export type JoinRequestResponse = Static<typeof JoinRequestResponse>;

export const OrganisationInvitationResponse = Type.Object({
  invitationId: Id,
  email: Type.String(),
  role: OrganisationRoleName,
  invitedBy: nullable(Type.String()),
  createdAt: Moment,
  expiresAt: Moment,
});
export type OrganisationInvitationResponse = Static<typeof OrganisationInvitationResponse>;

export const OrganisationDetailResponse = Type.Object({
  ...OwnOrganisation.properties,
  members: Type.Array(MemberResponse),
  requests: Type.Array(JoinRequestResponse, { description: 'For administrators of it.' }),
  invitations: Type.Array(OrganisationInvitationResponse, {
    description: 'Those that are open; for administrators of it.',
  }),
});
export type OrganisationDetailResponse = Static<typeof OrganisationDetailResponse>;

export const NewOrganisationRequest = Type.Object(
  { name: Name, website: Type.Optional(Website) },
  { additionalProperties: false },
);
export type NewOrganisationRequest = Static<typeof NewOrganisationRequest>;

export const OrganisationUpdateRequest = Type.Object(
  { name: Type.Optional(Name), website: Type.Optional(Website) },
  { additionalProperties: false },
);
export type OrganisationUpdateRequest = Static<typeof OrganisationUpdateRequest>;

export const RoleUpdateRequest = Type.Object({ role: OrganisationRoleName }, { additionalProperties: false });
export type RoleUpdateRequest = Static<typeof RoleUpdateRequest>;

export const NewOrganisationInvitationRequest = Type.Object(
  { email: Type.String({ maxLength: 300 }), role: OrganisationRoleName },
  { additionalProperties: false },
);
export type NewOrganisationInvitationRequest = Static<typeof NewOrganisationInvitationRequest>;

export const OrganisationParams = Type.Object({ organisationId: Id });
export const MemberParams = Type.Object({ organisationId: Id, accountId: Id });
export const OrganisationInvitationParams = Type.Object({ organisationId: Id, invitationId: Id });
