import { stringify } from 'csv-stringify/sync';
import {
  type AccessLogEntry,
  type AccessLogFilter,
  type AuditEventContext,
  type AuditLogPosition,
  type EventPage,
  listAccessLog,
  toFhirAuditEvent,
} from '../../audit/index.ts';
import { formatTime } from '../../i18n/index.ts';
import { toIsoDate } from '../date-format.ts';
import type { PatientPortalDeps } from '../deps.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { createEntryFormatter } from './entry-text.ts';

/** Number of entries that are fetched at a time. This bounds the memory of an export, however long the log is. */
const BATCH_SIZE = 500;

/** Yields all entries that match the filter in batches, newest first. */
async function* readAllEntries(
  { db }: PatientPortalDeps,
  { accountRecord }: PatientPortalContext,
  filter: AccessLogFilter,
): AsyncGenerator<readonly AccessLogEntry[]> {
  let after: AuditLogPosition | undefined;
  do {
    const page: EventPage<AccessLogEntry> = await listAccessLog(db, accountRecord, filter, {
      after,
      limit: BATCH_SIZE,
    });
    if (page.entries.length > 0) yield page.entries;
    after = page.next;
  } while (after !== undefined);
}

/**
 * Exports the access log as CSV (RFC 4180). The file starts with a byte order mark, which spreadsheets need to detect
 * UTF-8. Cells are escaped so that spreadsheets don't evaluate them as formulas.
 */
export async function* exportLogCsv(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  filter: AccessLogFilter,
): AsyncGenerator<string> {
  const { messages, pageContext, record } = context;
  const { csv } = messages.accessLog;
  const format = createEntryFormatter(deps, context);
  yield `\ufeff${toCsv([Object.values(csv)])}`;
  for await (const entries of readAllEntries(deps, context, filter)) {
    yield toCsv(
      entries.map((entry) => {
        const { reader, description, entries: count, outcome } = format(entry);
        const { at, clientId = '', requestId = '' } = entry;
        const day = toIsoDate(at, record.timeZone);
        const time = formatTime(pageContext.language, at, record.timeZone);
        return [at.toISOString(), day, time, reader, clientId, description, count, outcome, requestId];
      }),
    );
  }
}

const toCsv = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  );

/** Exports the access log as a FHIR R4 Bundle of AuditEvents (IHE BALP). */
export async function* exportLogBundle(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  filter: AccessLogFilter,
): AsyncGenerator<string> {
  const { addresses, types, clock } = deps;
  const setting: AuditEventContext = {
    fhirBase: addresses.fhir.r4,
    issuer: addresses.issuer,
    patientId: context.record.patientId,
    storedType: (type) => types.aliases[type] ?? type,
  };
  yield `{"resourceType":"Bundle","type":"collection","timestamp":"${clock.now().toISOString()}"`;
  let separator = ',"entry":[';
  for await (const entries of readAllEntries(deps, context, filter)) {
    const texts = entries.map((entry) =>
      JSON.stringify({ fullUrl: `urn:uuid:${entry.id}`, resource: toFhirAuditEvent(entry, setting) }),
    );
    yield `${separator}${texts.join(',')}`;
    separator = ',';
  }
  // In FHIR R4 JSON an array is never empty, so an empty Bundle has no `entry`.
  yield separator === ',' ? ']}' : '}';
}
