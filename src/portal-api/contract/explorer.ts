import { type Static, Type } from 'typebox';
import { Id, nullable } from './common.ts';

export const ExplorerConfigResponse = Type.Object({
  client: nullable(
    Type.Object({
      clientId: Type.String(),
      scope: Type.String({ description: 'The most it can be granted.' }),
    }),
  ),
  /**
   * Why no app of this server can act as the API explorer: the server has no sandbox, or
   * provisional apps are inactive (PROVISIONAL_APPS). A public app of the developer's own still
   * can. null if the server has an app for the explorer.
   */
  missing: nullable(Type.Union([Type.Literal('no-sandbox'), Type.Literal('provisional-inactive')])),
  redirectUri: Type.String({ description: 'A public app of your own works here when it has this callback.' }),
  issuer: Type.String(),
  jwks: Type.String(),
  openApi: Type.Object({ r4: Type.String(), dstu2: Type.String() }, { description: 'Paths of the OpenAPI documents.' }),
  waiting: Type.Boolean({ description: 'Who was signed in in this browser was put aside, and can be had back.' }),
});
export type ExplorerConfigResponse = Static<typeof ExplorerConfigResponse>;

export const RestoredSessionResponse = Type.Object({
  returned: Type.Boolean({ description: 'Whether somebody is signed in again.' }),
});
export type RestoredSessionResponse = Static<typeof RestoredSessionResponse>;

/** A patient record that a sandbox account can access, with the number of its resources. */
export const TestRecord = Type.Object({
  patientId: Id,
  practice: Type.String({ description: 'Whose patient this is.' }),
  name: Type.String(),
  birthDate: nullable(Type.String({ format: 'date' })),
  relation: Type.Union([Type.Literal('self'), Type.Literal('representative')]),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'How many there are of each R4 type.' }),
  dstu2: Type.Integer({ description: 'How many of them DSTU2 has.' }),
  years: Type.Integer({ description: 'From the first visit to the last.' }),
  conditions: Type.Array(Type.String(), { description: 'Those that are active, as the record names them.' }),
});
export type TestRecord = Static<typeof TestRecord>;

export const TestAccount = Type.Object({
  username: Type.String(),
  name: Type.String(),
  kind: Type.Union([
    Type.Literal('patient'),
    Type.Literal('representative'),
    Type.Literal('clinician'),
    Type.Literal('desk'),
  ]),
  about: Type.String({ description: 'What the record was made for, in English. Empty: nothing is said of it.' }),
  covers: Type.Array(Type.Object({ case: Type.String(), text: Type.String({ description: 'In English.' }) }), {
    description: 'What an app meets in the records, all of it.',
  }),
  records: Type.Array(TestRecord),
});
export type TestAccount = Static<typeof TestAccount>;

export const TestPatientsResponse = Type.Object({
  password: Type.String({ description: 'The same for all of them.' }),
  practice: Type.String(),
  accounts: Type.Array(TestAccount),
});
export type TestPatientsResponse = Static<typeof TestPatientsResponse>;
