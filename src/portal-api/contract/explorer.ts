import { type Static, Type } from 'typebox';
import { Id, nullable } from './common.ts';

export const ExplorerConfigResponse = Type.Object({
  client: nullable(
    Type.Object({
      clientId: Type.String(),
      scope: Type.String({ description: 'The scopes that the app can be granted at most.' }),
    }),
  ),
  /**
   * Why no app of this server can act as the API explorer: the server has no sandbox, or
   * provisional apps are inactive (PROVISIONAL_APPS). A public app of the developer's own still
   * can. null if the server has an app for the explorer.
   */
  missing: nullable(Type.Union([Type.Literal('no-sandbox'), Type.Literal('provisional-inactive')])),
  redirectUri: Type.String({
    description: 'Your own public app works in the explorer if this is one of its redirect URIs.',
  }),
  issuer: Type.String(),
  jwks: Type.String(),
  openApi: Type.Object({ r4: Type.String(), dstu2: Type.String() }, { description: 'Paths of the OpenAPI documents.' }),
  waiting: Type.Boolean({ description: 'Whether an earlier session of this browser is paused and can be resumed.' }),
});
export type ExplorerConfigResponse = Static<typeof ExplorerConfigResponse>;

export const RestoredSessionResponse = Type.Object({
  returned: Type.Boolean({ description: 'Whether the paused session was resumed.' }),
});
export type RestoredSessionResponse = Static<typeof RestoredSessionResponse>;

/** A patient record that a sandbox account can access, with the number of its resources. */
export const TestRecord = Type.Object({
  patientId: Id,
  practice: Type.String({ description: 'Name of the patient’s practice.' }),
  name: Type.String(),
  birthDate: nullable(Type.String({ format: 'date' })),
  relation: Type.Union([Type.Literal('self'), Type.Literal('representative')]),
  counts: Type.Record(Type.String(), Type.Integer(), { description: 'Number of resources by R4 type.' }),
  dstu2: Type.Integer({ description: 'Number of those resources that DSTU2 serves.' }),
  years: Type.Integer({ description: 'Years between the first and the last visit.' }),
  conditions: Type.Array(Type.String(), { description: 'Active conditions, with their names from the record.' }),
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
  about: Type.String({ description: 'Purpose of the test record, in English. Empty if there is no description.' }),
  covers: Type.Array(Type.Object({ case: Type.String(), text: Type.String({ description: 'In English.' }) }), {
    description: 'All special cases that the records contain.',
  }),
  records: Type.Array(TestRecord),
});
export type TestAccount = Static<typeof TestAccount>;

export const TestPatientsResponse = Type.Object({
  password: Type.String({ description: 'Password of all test accounts.' }),
  practice: Type.String(),
  accounts: Type.Array(TestAccount),
});
export type TestPatientsResponse = Static<typeof TestPatientsResponse>;
