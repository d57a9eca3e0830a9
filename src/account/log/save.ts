import { stringify } from 'csv-stringify/sync';
import { type AuditSetting, auditEvent, type LogFilter, type LoggedRead, readsOf } from '../../audit/index.ts';
import { timeOf } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { isoDayOf } from '../times.ts';
import { entryTeller } from './entry-words.ts';

/** Entries fetched at a time. This bounds the memory of an export, however long the log is. */
const CHUNK = 500;

/** Yields every matching entry, newest first. */
async function* everyRead(
  { db }: AccountDeps,
  { whose: accountRecord }: Place,
  filter: LogFilter,
): AsyncGenerator<readonly LoggedRead[]> {
  for (let after: LoggedRead | undefined; ; ) {
    const entries: readonly LoggedRead[] = await readsOf(db, accountRecord, filter, { after, limit: CHUNK });
    if (entries.length > 0) yield entries;
    after = entries.at(-1);
    if (entries.length < CHUNK) return;
  }
}

/** RFC 4180 CSV with a byte order mark, which spreadsheets need to detect UTF-8. Formulas are escaped. */
export async function* logCsv(deps: AccountDeps, context: Place, filter: LogFilter): AsyncGenerator<string> {
  const { words: messages, frame: pageContext, record } = context;
  const { csv } = messages.reads;
  const format = entryTeller(deps, context);
  yield `\ufeff${csvOf([Object.values(csv)])}`;
  for await (const entries of everyRead(deps, context, filter)) {
    yield csvOf(
      entries.map((entry) => {
        const { who, what, entries: count, outcome } = format(entry);
        const { at, clientId = '', requestId = '' } = entry;
        const day = isoDayOf(at, record.timeZone);
        const time = timeOf(pageContext.language, at, record.timeZone);
        return [at.toISOString(), day, time, who, clientId, what, count, outcome, requestId];
      }),
    );
  }
}

const csvOf = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: 'windows' },
  );

/** FHIR R4 Bundle of AuditEvents (IHE BALP). */
export async function* logBundle(deps: AccountDeps, context: Place, filter: LogFilter): AsyncGenerator<string> {
  const { addresses, types, clock } = deps;
  const setting: AuditSetting = {
    fhirBase: addresses.fhir.r4,
    issuer: addresses.issuer,
    patientId: context.record.patientId,
    stored: (type) => types.aliases[type] ?? type,
  };
  yield `{"resourceType":"Bundle","type":"collection","timestamp":"${clock.now().toISOString()}"`;
  let separator = ',"entry":[';
  for await (const entries of everyRead(deps, context, filter)) {
    const texts = entries.map((entry) =>
      JSON.stringify({ fullUrl: `urn:uuid:${entry.id}`, resource: auditEvent(entry, setting) }),
    );
    yield `${separator}${texts.join(',')}`;
    separator = ',';
  }
  // FHIR R4 JSON: an array is never empty.
  yield separator === ',' ? ']}' : '}';
}
