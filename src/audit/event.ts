import type { AccountId, ClientId, GrantId, RecordId } from '../kernel/index.ts';

/** What happened: security events, and each disclosure of data. */
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

/** One event. Never holds a token, a password or health data: ids, counts and names of parameters only. */
export interface AuditEvent {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly requestId?: string | undefined;
  readonly recordId?: RecordId | undefined;
  readonly accountId?: AccountId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly grantId?: GrantId | undefined;
  /** The one authorization that data was read by. */
  readonly familyId?: string | undefined;
  /** Resource type that was asked for. */
  readonly type?: string | undefined;
  /** How many resources left the server. */
  readonly resources?: number | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}
