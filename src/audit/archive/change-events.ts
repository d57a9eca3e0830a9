import { AUDIT_KINDS, type AuditKind, IS_READ, isRead } from '../event.ts';

/** Kinds of events that change no access, besides reads. */
const WITHOUT_CHANGE: readonly AuditKind[] = ['sign-in', 'sign-out', 'launch', 'write', 'brands', 'status'];
const CHANGES = AUDIT_KINDS.filter((kind) => kind !== 'token' && !WITHOUT_CHANGE.includes(kind));

/**
 * SQL condition: the event `e` changed accounts, apps, access or records, or concerns the tokens of a person. After a
 * restore, the changes that ended access have to be repeated.
 */
export const IS_CHANGE = `(
       (e.outcome = 'success' and e.kind in (${CHANGES.map((kind) => `'${kind}'`).join(', ')}) and ${IS_READ} is not true)
       or (e.kind = 'token' and e.grant_id is not null and e.account_id is not null))`;

/** An event as a line of the archive has it, as far as `isChange` looks at it. */
export interface EventLine {
  readonly kind: AuditKind;
  readonly outcome: 'success' | 'failure';
  readonly account_id?: string;
  readonly grant_id?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Tells whether an event is a change, as `IS_CHANGE` does. */
export const isChange = ({ kind, outcome, account_id, grant_id, detail }: EventLine): boolean =>
  kind === 'token'
    ? grant_id !== undefined && account_id !== undefined
    : outcome === 'success' && CHANGES.includes(kind) && !isRead(kind, detail?.['action']);
