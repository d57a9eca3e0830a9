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
    before: Type.Optional(
      Type.String({ maxLength: 100, description: 'The value of `next` from the previous response.' }),
    ),
  },
  { additionalProperties: false },
);

/** One request in an app's log. Contains no search values or tokens, and no ids except those of test patients. */
export const AppLogItem = Type.Object({
  id: Id,
  at: Moment,
  endpoint: oneOf(LOG_ENDPOINTS),
  interaction: nullable(
    oneOf(LOG_INTERACTIONS, 'The FHIR interaction. For the token endpoint, the grant_type if a token was issued.'),
  ),
  type: nullable(Type.String({ description: 'Resource type, with its name in the FHIR version of the request.' })),
  granted: nullable(
    Type.Object(
      {
        auth: oneOf(['none', 'secret', 'private_key_jwt'], 'How the app authenticated.'),
        scope: Type.String({ description: 'Granted scope, truncated to 500 characters.' }),
      },
      { description: 'Details of an issued token.' },
    ),
  ),
  proved: Type.Boolean({
    description:
      'Whether the app authenticated with its credentials, a token or a code. If false, anyone who knows the client_id can have sent the request.',
  }),
  parameters: Type.Array(Type.String(), { description: 'Names of the search parameters, without values.' }),
  others: Type.Integer({ description: 'Number of parameters whose names the server doesn’t know.' }),
  patient: nullable(
    Type.Object({
      pseudonym: Type.String({ description: 'Pseudonym of the patient, used only in this app’s log.' }),
      live: Type.Boolean(),
      id: nullable(Type.String({ description: 'Patient.id. Only for test patients.' })),
    }),
  ),
  patients: Type.Integer({ description: 'Number of patients with data in the response.' }),
  resources: nullable(Type.Integer()),
  status: nullable(
    Type.Integer({ description: 'HTTP status. 303 for authorize means that the app received the error by redirect.' }),
  ),
  error: nullable(Type.String({ description: 'Stable code, documented at /docs/errors.' })),
  cause: nullable(Type.String({ description: 'Cause of the error, as text.' })),
  requestId: Type.String(),
  milliseconds: nullable(Type.Integer()),
});
export type AppLogItem = Static<typeof AppLogItem>;

export const AppLogResponse = Type.Object({
  items: Type.Array(AppLogItem),
  next: nullable(Type.String({ description: 'Value of `before` for the next page.' })),
  keptDays: Type.Integer(),
  lostToday: Type.Integer({
    description: 'Number of today’s requests that exceeded the log’s limit. They are counted but not listed.',
  }),
});
export type AppLogResponse = Static<typeof AppLogResponse>;

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'UTC' });

export const UsageQuery = Type.Object(
  {
    days: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 400, description: 'Number of days up to today. Default: 30.' }),
    ),
    from: Type.Optional(Day),
    to: Type.Optional(Day),
    resolution: Type.Optional(oneOf(['hour', 'day'], 'hour is available for at most 7 days.')),
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
      calls: Type.Integer({ description: 'FHIR requests with valid tokens of the app.' }),
      errors: Type.Integer({ description: 'Errors, including those of the authorization server.' }),
      patients: nullable(
        Type.Integer({ description: 'Distinct patients of the day. null if the resolution is hour.' }),
      ),
    }),
  ),
  types: Type.Array(Type.Object({ type: Type.String(), count: Type.Integer() }), {
    description: 'Calls by resource type, most frequent first.',
  }),
  errors: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer(), unproved: Type.Integer() }), {
    description: 'Errors by code, most frequent first. `unproved` is the number from unauthenticated callers.',
  }),
  funnel: Type.Array(Type.Object({ step: oneOf(FUNNEL_STEPS), count: Type.Integer() }), {
    description: 'Authorization funnel. Counts pages and answers, not people.',
  }),
  totals: Type.Object({
    calls: Type.Integer(),
    errors: Type.Integer(),
    unproved: Type.Integer({
      description:
        'Number of errors from unauthenticated callers: anyone who knows the client_id can have caused them.',
    }),
    lost: Type.Integer(),
  }),
  firstCallAt: nullable(Moment),
});
export type UsageResponse = Static<typeof UsageResponse>;
