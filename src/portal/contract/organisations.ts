import { type Static, type TSchema, Type } from 'typebox';
import { Id, Moment } from './answers.ts';
import { OrganisationAnswer } from './review.ts';
import { MemberRoleName } from './session.ts';

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

const Name = Type.String({ maxLength: 100, description: 'Plain visible text: patients read it beside the apps.' });
const Website = Type.String({ maxLength: 2000, description: 'https; empty: none.' });

export const OwnOrganisation = Type.Object({ ...OrganisationAnswer.properties, role: MemberRoleName });

export const OwnRequestAnswer = Type.Object({
  organisationId: Id,
  organisationName: Type.String(),
  askedAt: Moment,
  declinedAt: orNull(Moment),
});

export const OwnOrganisations = Type.Object({
  organisations: Type.Array(
    Type.Object({
      ...OwnOrganisation.properties,
      waiting: Type.Integer({ description: 'People who ask you, its administrator, to be let in.' }),
    }),
  ),
  requests: Type.Array(OwnRequestAnswer, { description: 'Where they asked to be let in, and are not.' }),
  mayAsk: orNull(
    Type.String({ description: 'Name of the organization of their address, which they may ask to join.' }),
  ),
  account: Type.Object({
    email: orNull(Type.String()),
    secondFactor: Type.Boolean({ description: 'Whether there is a passkey or an authenticator app.' }),
  }),
});
export type OwnOrganisations = Static<typeof OwnOrganisations>;

export const MemberAnswer = Type.Object({
  accountId: Id,
  name: Type.String(),
  email: orNull(Type.String()),
  role: MemberRoleName,
  joinedAt: Moment,
  you: Type.Boolean(),
});
export type MemberAnswer = Static<typeof MemberAnswer>;

export const JoinRequestAnswer = Type.Object({
  accountId: Id,
  name: Type.String(),
  email: orNull(Type.String()),
  askedAt: Moment,
});
export type JoinRequestAnswer = Static<typeof JoinRequestAnswer>;

export const InvitationAnswer = Type.Object({
  invitationId: Id,
  email: Type.String(),
  role: MemberRoleName,
  invitedBy: orNull(Type.String()),
  createdAt: Moment,
  expiresAt: Moment,
});
export type InvitationAnswer = Static<typeof InvitationAnswer>;

export const OneOrganisation = Type.Object({
  ...OwnOrganisation.properties,
  members: Type.Array(MemberAnswer),
  requests: Type.Array(JoinRequestAnswer, { description: 'For administrators of it.' }),
  invitations: Type.Array(InvitationAnswer, { description: 'Those that are open; for administrators of it.' }),
});
export type OneOrganisation = Static<typeof OneOrganisation>;

export const NewOrganisation = Type.Object(
  { name: Name, website: Type.Optional(Website) },
  { additionalProperties: false },
);
export type NewOrganisation = Static<typeof NewOrganisation>;

export const OrganisationChange = Type.Object(
  { name: Type.Optional(Name), website: Type.Optional(Website) },
  { additionalProperties: false },
);
export type OrganisationChange = Static<typeof OrganisationChange>;

export const RoleChange = Type.Object({ role: MemberRoleName }, { additionalProperties: false });
export type RoleChange = Static<typeof RoleChange>;

export const NewInvitation = Type.Object(
  { email: Type.String({ maxLength: 300 }), role: MemberRoleName },
  { additionalProperties: false },
);
export type NewInvitation = Static<typeof NewInvitation>;

export const AtOrganisation = Type.Object({ organisationId: Id });
export const AtMember = Type.Object({ organisationId: Id, accountId: Id });
export const AtInvitation = Type.Object({ organisationId: Id, invitationId: Id });
