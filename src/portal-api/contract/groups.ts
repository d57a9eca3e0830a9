import { type Static, Type } from 'typebox';
import { Id, Moment, nonBlankText } from './common.ts';

const PracticeNumber = Type.Integer({ minimum: 1, maximum: 2_000_000_000 });

/**
 * A FHIR R4 Group: patients of one practice whose data backend apps export together. The response
 * contains the number of members but not who they are.
 */
export const GroupResponse = Type.Object({
  groupId: Type.String({ format: 'uuid', description: 'The ID that apps use: Group/{groupId}.' }),
  practiceId: PracticeNumber,
  practice: Type.String(),
  name: Type.String(),
  everyone: Type.Boolean({ description: 'Whether the group always contains all current patients of the practice.' }),
  patients: Type.Integer({ description: 'Current number of patients.' }),
  changedAt: Moment,
});
export type GroupResponse = Static<typeof GroupResponse>;

export const GroupsQuery = Type.Object(
  { practice: Type.Optional(PracticeNumber) },
  { additionalProperties: false, description: 'Groups of this practice. If omitted, groups of all practices.' },
);

export const GroupsResponse = Type.Object({
  /** All practices of the installation, even if the request filters the groups by practice. */
  practices: Type.Array(Type.Object({ practiceId: PracticeNumber, name: Type.String() })),
  groups: Type.Array(GroupResponse),
});
export type GroupsResponse = Static<typeof GroupsResponse>;

/** `Patient.id` values of patients. Text that can't be an id is rejected like an unknown patient. */
const Patients = Type.Array(Type.String({ maxLength: 100 }), {
  maxItems: 5000,
  description: 'Patient.id values of the group’s practice. If one of them is unknown, nothing is changed.',
});

export const NewGroupRequest = Type.Object(
  { practiceId: PracticeNumber, name: nonBlankText(120), everyone: Type.Boolean(), patients: Patients },
  { additionalProperties: false },
);
export type NewGroupRequest = Static<typeof NewGroupRequest>;

export const GroupMembersRequest = Type.Object({ add: Patients, remove: Patients }, { additionalProperties: false });
export type GroupMembersRequest = Static<typeof GroupMembersRequest>;

export const GroupMembersResponse = Type.Object({
  added: Type.Integer({ description: 'Number of added patients, without those who were already in the group.' }),
  removed: Type.Integer(),
  group: GroupResponse,
});
export type GroupMembersResponse = Static<typeof GroupMembersResponse>;

export const GroupParams = Type.Object({ groupId: Id });
