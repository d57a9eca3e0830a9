import { type Static, Type } from 'typebox';
import { OptionalReason, PendingApproval } from './approvals.ts';
import { Id, Moment, nullable, oneOf } from './common.ts';

/** Filters of the audit log, as query parameters of the request. */
export const AuditLogQuery = Type.Object({
  kind: Type.Optional(
    Type.String({
      description:
        'Event types, separated by commas. `all-reads` means all reads of patient data, emails and logs, whatever their type. If omitted, all types.',
      maxLength: 500,
    }),
  ),
  outcome: Type.Optional(Type.Unsafe<'success' | 'failure'>(Type.String({ enum: ['success', 'failure'] }))),
  app: Type.Optional(Type.String({ description: 'client_id', maxLength: 200 })),
  account: Type.Optional(Id),
  request: Type.Optional(Type.String({ description: 'Request id', maxLength: 100 })),
  from: Type.Optional(Type.String({ format: 'date', description: 'UTC. If omitted, thirty days before `to`.' })),
  to: Type.Optional(Type.String({ format: 'date', description: 'UTC, inclusive. If omitted, today.' })),
  after: Type.Optional(Type.String({ description: 'The cursor from the previous page.', maxLength: 200 })),
});
export type AuditLogQuery = Static<typeof AuditLogQuery>;

export const AccountsQuery = Type.Object(
  {
    text: Type.Optional(Type.String({ maxLength: 100, description: 'Part of a name, username or email address.' })),
    account: Type.Optional(Type.String({ format: 'uuid', description: 'Only this account.' })),
  },
  { additionalProperties: false },
);
export const AccountsResponse = Type.Object({
  accounts: Type.Array(
    Type.Object({
      accountId: Id,
      name: Type.String(),
      username: Type.String(),
      kind: oneOf(['staff', 'developer']),
    }),
    { description: 'At most 10 accounts of staff, administrators and developers, by name.' },
  ),
});
export type AccountsResponse = Static<typeof AccountsResponse>;

export const AuditEntryResponse = Type.Object({
  at: Moment,
  id: Id,
  kind: Type.String(),
  outcome: Type.String(),
  requestId: nullable(Type.String()),
  accountId: nullable(Id),
  person: nullable(
    Type.String({ description: 'Name of a staff member, administrator or developer. Patients are not named.' }),
  ),
  personKind: nullable(Type.String()),
  practice: nullable(Type.String({ description: 'Name of the practice that the event is about.' })),
  clientId: nullable(Type.String()),
  app: nullable(Type.String()),
  type: nullable(Type.String({ description: 'FHIR resource type' })),
  resources: nullable(Type.Integer()),
  patients: nullable(
    Type.Integer({ description: 'Number of patients whose data was disclosed, if there are several.' }),
  ),
  detail: Type.Record(Type.String(), Type.Unknown()),
});
export type AuditEntryResponse = Static<typeof AuditEntryResponse>;

export const AuditLogResponse = Type.Object({
  from: Type.String({ format: 'date' }),
  to: Type.String({ format: 'date' }),
  kinds: Type.Array(Type.String({ description: 'Available event types.' })),
  /** Part of the period whose events are no longer in the database, so `entries` lacks them; null if there is none. */
  archived: nullable(
    Type.Object({
      from: Type.String({ format: 'date', description: 'UTC' }),
      to: Type.String({ format: 'date', description: 'UTC, inclusive' }),
      command: Type.String({ description: 'The command with which an operator searches them.' }),
    }),
  ),
  entries: Type.Array(AuditEntryResponse),
  /** Cursor of the next page; null if this is the last page. */
  next: nullable(Type.String()),
  /**
   * Time back to which the search got, if it stopped because few events match: the page is short, and the search continues
   * with `next`.
   */
  searchedTo: nullable(Moment),
});
export type AuditLogResponse = Static<typeof AuditLogResponse>;

export const SigningKeyResponse = Type.Object({
  kid: Type.String({ description: 'RFC 7638 thumbprint' }),
  alg: Type.String(),
  activeFrom: Moment,
  /**
   * State of a signing key. `signs`: the server signs with the key. `next`: the server will sign
   * with the key later. `kept`: the key only stays published until all tokens that it signed have
   * expired. `over`: the key is no longer published.
   */
  standing: Type.Unsafe<'signs' | 'next' | 'kept' | 'over'>(Type.String({ enum: ['signs', 'next', 'kept', 'over'] })),
});
export const SigningKeysResponse = Type.Object({ keys: Type.Array(SigningKeyResponse), jwksUri: Type.String() });
export type SigningKeysResponse = Static<typeof SigningKeysResponse>;

export const KeyRotationRequest = Type.Object(
  { leaked: Type.Boolean(), reason: OptionalReason },
  { additionalProperties: false },
);
export const KeyRotationResponse = Type.Object({
  made: Type.Array(Type.Object({ kid: Type.String(), alg: Type.String(), activeFrom: Moment })),
  discarded: Type.Array(Type.String()),
  approval: nullable(PendingApproval),
});
export type KeyRotationResponse = Static<typeof KeyRotationResponse>;

/**
 * The queues of background jobs. `failed` and `failures` cover the last `failedHours` of a queue, and `deadLetters` two
 * weeks. All other numbers are of this moment.
 */
export const JobsResponse = Type.Object({
  queues: Type.Array(
    Type.Object({
      name: Type.String(),
      ready: Type.Integer({ description: 'Jobs that can start now.' }),
      later: Type.Integer({ description: 'Jobs that start later, such as further attempts.' }),
      running: Type.Integer(),
      failed: Type.Integer({ description: 'Jobs that failed for the last time within `failedHours`.' }),
      failedHours: Type.Integer({ description: '24, or 1 if the queue deletes failed jobs after an hour.' }),
      oldestReadyAt: nullable(Moment),
      late: Type.Boolean({ description: 'Whether the oldest ready job has waited for more than five minutes.' }),
    }),
  ),
  failures: Type.Array(
    Type.Object({
      queue: Type.String(),
      id: Type.String({ description: 'The task, or the id of the email, export or file.' }),
      at: Moment,
      error: Type.String({ description: 'Code or class of the error.' }),
    }),
  ),
  tasks: Type.Array(Type.Object({ name: Type.String(), lastAt: nullable(Moment), nextAt: nullable(Moment) })),
  deadLetters: Type.Integer({ description: 'Jobs that failed for the last time within two weeks.' }),
});
export type JobsResponse = Static<typeof JobsResponse>;

/** Settings of the server process. They come from environment variables, so the API can't change any. */
export const SettingsResponse = Type.Object({
  settings: Type.Array(
    Type.Object({
      name: Type.String(),
      meaning: Type.String(),
      default: Type.String(),
      value: Type.String({ description: 'Effective value. Empty if the setting isn’t set.' }),
      hidden: Type.Boolean({
        description: 'Whether the setting is a secret. If so, the value shows only that it is set.',
      }),
    }),
  ),
});
export type SettingsResponse = Static<typeof SettingsResponse>;
