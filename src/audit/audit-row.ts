/** A row of the audit log as SQL expressions, for a statement that writes its own audit event. */
export interface AuditRow {
  readonly at: string;
  readonly id: string;
  readonly kind: string;
  readonly outcome: string;
  readonly request_id: string;
  readonly record_id: string;
  readonly account_id: string;
  readonly client_id: string;
  readonly grant_id: string;
  readonly detail: string;
}

/**
 * Returns SQL that appends one row to the audit log for each row of `from`. As part of the statement that makes the
 * change, it commits the change and its audit event together or not at all, without another round trip. The month of
 * `at` must have a partition.
 */
export const insertAuditRow = (row: AuditRow, from: string): string =>
  `insert into audit_event (${Object.keys(row).join(', ')}) select ${Object.values(row).join(', ')} from ${from}`;
