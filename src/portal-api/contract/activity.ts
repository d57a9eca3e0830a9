import { type Static, Type } from 'typebox';
import { Id, Moment, nullable, oneOf } from './common.ts';

export const LOG_ENDPOINTS = [
  'authorize',
  'par',
  'token',
  'revoke',
  'introspect',
  'register',
  'fhir-r4',
  'fhir-dstu2',
] as const;
export const LOG_INTERACTIONS = [
  'read',
  'search',
  'document',
  'export',
  'authorization_code',
  'refresh_token',
  'client_credentials',
] as const;
export const LOG_OUTCOMES = ['refused', 'answered'] as const;
const FUNNEL_STEPS = ['opened', 'signed-in', 'asked', 'allowed', 'denied', 'exchanged', 'data'] as const;

/** Filters of an app's request log. */
export const AppLogFilter = Type.Object(
  {
    outcome: Type.Optional(oneOf(LOG_OUTCOMES)),
    endpoint: Type.Optional(oneOf(LOG_ENDPOINTS)),
  },
  { additionalProperties: false },
);
export type AppLogFilter = Static<typeof AppLogFilter>;

export const AppLogQuery = Type.Object(
  {
    ...AppLogFilter.properties,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    before: Type.Optional(Type.String({ maxLength: 100, description: 'What an answer gave as `next`.' })),
  },
  { additionalProperties: false },
);

/** One request in an app's log. Contains no search values or tokens, and no ids except those of test patients. */
export const AppLogItem = Type.Object({
  id: Id,
  at: Moment,
  endpoint: oneOf(LOG_ENDPOINTS),
  interaction: nullable(oneOf(LOG_INTERACTIONS, 'Of FHIR; at token the grant_type, where a token was given.')),
  type: nullable(Type.String({ description: 'Resource type, as the version names it.' })),
  granted: nullable(
    Type.Object(
      {
        auth: oneOf(['none', 'secret', 'private_key_jwt'], 'How the app showed who it is.'),
        scope: Type.String({ description: 'As it was granted; cut after 500 characters.' }),
      },
      { description: 'Of a token that was given.' },
    ),
  ),
  proved: Type.Boolean({
    description:
      'It was the app, by its credentials, a token or a code of it; false: whoever knows the client_id can have caused it.',
  }),
  parameters: Type.Array(Type.String(), { description: 'Names of search parameters, without their values.' }),
  others: Type.Integer({ description: 'How many parameters had names that this server does not know.' }),
  patient: nullable(
    Type.Object({
      pseudonym: Type.String({ description: 'Stands for the patient, in this app’s log alone.' }),
      live: Type.Boolean(),
      id: nullable(Type.String({ description: 'Patient.id, of a test patient.' })),
    }),
  ),
  patients: Type.Integer({ description: 'Of how many patients there was data in the answer.' }),
  resources: nullable(Type.Integer()),
  status: nullable(Type.Integer({ description: 'HTTP; 303 at authorize: the error went to the app by redirect.' })),
  error: nullable(Type.String({ description: 'Stable code; /docs/errors says more of it.' })),
  cause: nullable(Type.String({ description: 'Why, in words.' })),
  requestId: Type.String(),
  milliseconds: nullable(Type.Integer()),
});
export type AppLogItem = Static<typeof AppLogItem>;

export const AppLogResponse = Type.Object({
  items: Type.Array(AppLogItem),
  next: nullable(Type.String({ description: 'For `before`: the page after this one.' })),
  keptDays: Type.Integer(),
  lostToday: Type.Integer({
    description: 'Requests of today that are counted and not told one by one: there were too many.',
  }),
});
export type AppLogResponse = Static<typeof AppLogResponse>;

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'UTC' });

export const UsageQuery = Type.Object(
  {
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 400, description: 'Up to today; default 30.' })),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    resolution: Type.Optional(oneOf(['hour', 'day'], 'By the hour for at most 7 days.')),
  },
  { additionalProperties: false },
);
export type UsageQuery = Static<typeof UsageQuery>;

export const UsageResponse = Type.Object({
  from: Day,
  to: Day,
  resolution: oneOf(['hour', 'day']),
  buckets: Type.Array(
    Type.Object({
      at: Moment,
      calls: Type.Integer({ description: 'Requests to FHIR by good tokens of the app.' }),
      errors: Type.Integer({ description: 'Refusals, of the authorization server too.' }),
      patients: nullable(Type.Integer({ description: 'Distinct patients of the day; null by the hour.' })),
    }),
  ),
  types: Type.Array(Type.Object({ type: Type.String(), count: Type.Integer() }), {
    description: 'Calls by resource type, the most frequent first.',
  }),
  errors: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer(), unproved: Type.Integer() }), {
    description:
      'Refusals by code, the most frequent first; of them `unproved` from callers that did not prove to be the app.',
  }),
  funnel: Type.Array(Type.Object({ step: oneOf(FUNNEL_STEPS), count: Type.Integer() }), {
    description: 'How far authorizations came; counts of pages and answers, not of people.',
  }),
  totals: Type.Object({
    calls: Type.Integer(),
    errors: Type.Integer(),
    unproved: Type.Integer({ description: 'Of the errors: whoever knows the client_id can have caused them.' }),
    lost: Type.Integer(),
  }),
  firstCallAt: nullable(Moment),
});
export type UsageResponse = Static<typeof UsageResponse>;
