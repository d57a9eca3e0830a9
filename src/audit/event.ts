import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';

/** Kinds of events: security events, and every disclosure of data. */
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
 * One event. It never contains a token, a password or health data, only ids, counts and parameter names. A new field
 * must also be added to the insert statement and the row of the audit log, to both read statements, and to the event
 * types of the modules that set it.
 */
export interface AuditEvent {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly requestId?: string | undefined;
  readonly recordId?: RecordId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly grantId?: GrantId | undefined;
  /** Token family (one consent) that the data was read with. */
  readonly familyId?: string | undefined;
  /** The requested resource type. */
  readonly type?: string | undefined;
  /** Number of resources that left the server. */
  readonly resources?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}
