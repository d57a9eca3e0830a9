/** An audit event as SQL expressions by column, for a statement that writes the event together with its change. */
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
 * Returns SQL that appends one audit event for each row of `from`. Add this SQL as a CTE to the statement that makes
 * the change: the event then belongs to the transaction of that statement, so change and event are stored together or
 * not at all, without another round trip. The audit table must have a partition for the month of `at`.
 * @param from name of a table or CTE
 */
export const insertAuditRow = (row: AuditRow, from: string): string =>
  `insert into audit_event (${Object.keys(row).join(', ')}) select ${Object.values(row).join(', ')} from ${from}`;
