import { type Static, Type } from 'typebox';
import { Id, Moment, nullable } from './common.ts';
import { OrganisationResponse } from './review.ts';
import { OrganisationRoleName } from './session.ts';

const Name = Type.String({
  maxLength: 100,
  description: 'Visible characters only. Patients see the name next to the apps.',
});
const Website = Type.String({ maxLength: 2000, description: 'https URL. Empty if there is none.' });

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
      waiting: Type.Integer({
        description: 'Number of pending requests to join, if you are an administrator of the organization.',
      }),
    }),
  ),
  requests: Type.Array(OwnJoinRequestResponse, { description: 'The person’s requests to join that weren’t approved.' }),
  mayAsk: nullable(
    Type.String({
      description:
        'Name of the organization with the domain of the person’s email address, which they may ask to join.',
    }),
  ),
  account: Type.Object({
    email: nullable(Type.String()),
    secondFactor: Type.Boolean({ description: 'Whether the account has a passkey or an authenticator app.' }),
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
  requests: Type.Array(JoinRequestResponse, { description: 'Only for administrators of the organization.' }),
  invitations: Type.Array(OrganisationInvitationResponse, {
    description: 'Open invitations. Only for administrators of the organization.',
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
