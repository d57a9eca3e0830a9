import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';

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
] as const;
export type AuditKind = (typeof AUDIT_KINDS)[number];

/**
 * SQL condition: the event of the alias `e` is a read, of patient data, emails or a log. Some events of the kinds
 * `enrollment` and `launch` are reads too: staff saw a list of patients, the page of one patient, or a report.
 */
export const IS_READ = `(
       e.kind = any(array['read', 'search', 'document', 'export', 'record-view', 'audit-query', 'outbox'])
       or (e.kind = any(array['enrollment', 'launch'])
         and e.detail ->> 'action' = any(array['list', 'patient', 'bulk-report'])))`;

/**
 * An audit event. It contains only ids, counts and parameter names, and never a token, a password or health data. A new
 * field must also be added to the insert statement and the row in `audit-log.ts`, to the two statements that read the
 * log, and to the event types of the modules that set the field.
 */
export interface AuditEvent {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly requestId?: string | undefined;
  readonly recordId?: RecordId | undefined;
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
