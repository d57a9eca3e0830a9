import { stringify } from 'csv-stringify/sync';
import type { AppLogItem } from '../../portal-api/index.ts';

const HEADER = [
  'at',
  'endpoint',
  'interaction',
  'type',
  'parameters',
  'other_parameters',
  'patient',
  'live',
  'test_patient_id',
  'patients',
  'resources',
  'status',
  'error',
  'cause',
  'request_id',
  'milliseconds',
  'proved',
  'client_authentication',
  'granted_scope',
];

/**
 * Formats the request log of an app as CSV, one line for each request (RFC 4180), with times in
 * UTC. Escapes text that a spreadsheet would run as a formula, because an error's cause may contain
 * such text.
 */
export function formatLogCsv(items: readonly AppLogItem[]): string {
  const rows = items.map((item) => [
    item.at,
    item.endpoint,
    item.interaction,
    item.type,
    item.parameters.join(' '),
    item.others,
    item.patient?.pseudonym,
    item.patient?.live,
    item.patient?.id,
    item.patients,
    item.resources,
    item.status,
    item.error,
    item.cause,
    item.requestId,
    item.milliseconds,
    item.proved,
    item.granted?.auth,
    item.granted?.scope,
  ]);
  const cells = rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? '' : String(cell))));
  return stringify([HEADER, ...cells], { record_delimiter: 'windows', escape_formulas: true, bom: true });
}
