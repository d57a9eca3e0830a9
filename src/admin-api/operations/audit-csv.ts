import { stringify } from 'csv-stringify/sync';
import type { AuditLogEntry } from '../../audit/index.ts';

const HEADER = [
  'at',
  'kind',
  'outcome',
  'account_id',
  'account_kind',
  'person',
  'client_id',
  'app',
  'type',
  'resources',
  'patients',
  'request_id',
  'detail',
];

/**
 * Formats audit events as CSV, one line for each event (RFC 4180), with times in UTC. Escapes text
 * that a spreadsheet would run as a formula, because an app's name could be one.
 */
export function formatAuditCsv(entries: readonly AuditLogEntry[]): string {
  const rows = entries.map((entry) => [
    entry.at.toISOString(),
    entry.kind,
    entry.outcome,
    entry.accountId ?? '',
    entry.personKind ?? '',
    entry.person ?? '',
    entry.clientId ?? '',
    entry.app ?? '',
    entry.type ?? '',
    entry.resources === undefined ? '' : String(entry.resources),
    entry.patients === undefined ? '' : String(entry.patients),
    entry.requestId ?? '',
    JSON.stringify(entry.detail),
  ]);
  return stringify([HEADER, ...rows], { record_delimiter: 'windows', escape_formulas: true, bom: true });
}
