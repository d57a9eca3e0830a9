import type { AccountId, ClientId, GrantId, PracticeId, RecordId } from '../kernel/index.ts';

/** All kinds of audit events. They concern security, such as a sign-in, or disclosures of data, such as a read. */
export const AUDIT_KINDS = [
  'sign-in',
  'sign-out',
  'consent',
  'token',
  'revocation',
  'launch',
  'registration',
  'read',
  'search',
  'document',
  'export',
  'write',
  'app',
  'account',
  'factor',
  'enrollment',
  'practice',
  'staff',
  'record-view',
  'audit-query',
  'outbox',
  'key',
  'organisation',
  'record',
  'review',
  'brands',
  'status',
  'approval',
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

const READ_KINDS: readonly AuditKind[] = [
  'read',
  'search',
  'document',
  'export',
  'record-view',
  'audit-query',
  'outbox',
];
/** Events of these kinds are reads if staff saw a list of patients, the page of one patient, or a report. */
const PARTLY_READ_KINDS: readonly AuditKind[] = ['enrollment', 'launch'];
const READ_ACTIONS = ['list', 'patient', 'bulk-report'];

const toArray = (values: readonly string[]): string => `array[${values.map((value) => `'${value}'`).join(', ')}]`;

/** SQL condition: the event of the alias `e` is a read, of patient data, emails or a log. */
export const IS_READ = `(
       e.kind = any(${toArray(READ_KINDS)})
       or (e.kind = any(${toArray(PARTLY_READ_KINDS)})
         and e.detail ->> 'action' = any(${toArray(READ_ACTIONS)})))`;

/** Tells whether an event is a read, as `IS_READ` does. */
export const isRead = (kind: string, action: unknown): boolean =>
  READ_KINDS.some((one) => one === kind) ||
  (PARTLY_READ_KINDS.some((one) => one === kind) && READ_ACTIONS.some((one) => one === action));

/**
 * An audit event. It contains only ids, counts and parameter names, and never a token, a password or health data. A new
 * field must also be added to the insert statement and the row in `audit-log.ts`, to the two statements that read the
 * log, to the end of the canonical form in `archive/canonical-event.ts`, and to the event types of the modules that set
 * the field.
 */
export interface AuditEvent {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly requestId?: string | undefined;
  readonly recordId?: RecordId | undefined;
  /**
   * Number of disclosed resources by patient record, for a response about several records. The log stores one event for
   * each practice, and shows it in the access log of each record. `recordId` is then undefined.
   */
  readonly records?: ReadonlyMap<RecordId, number> | undefined;
  /** The practice of `records`; undefined if they may belong to several. */
  readonly practiceId?: PracticeId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly grantId?: GrantId | undefined;
  /** Id of the token family (all tokens of one consent) with which the data was read. */
  readonly familyId?: string | undefined;
  /** Resource type that was requested. */
  readonly type?: string | undefined;
  /** Number of resources that were disclosed in the response. */
  readonly resources?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}
