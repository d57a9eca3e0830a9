import { stringify } from 'csv-stringify/sync';
import { type AuditSetting, auditEvent, type LogFilter, type LoggedRead, readsOf } from '../../audit/index.ts';
import { timeOf } from '../../words/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { isoDayOf } from '../times.ts';
import { entryTeller } from './entry-words.ts';

/** Entries that are fetched together: a list of any length takes as much memory as one of these. */
const CHUNK = 500;

/** Every entry that fits, the newest first. */
async function* everyRead(
  { db }: AccountDeps,
  { whose }: Place,
  filter: LogFilter,
): AsyncGenerator<readonly LoggedRead[]> {
  for (let after: LoggedRead | undefined; ; ) {
    const entries: readonly LoggedRead[] = await readsOf(db, whose, filter, { after, limit: CHUNK });
    if (entries.length > 0) yield entries;
    after = entries.at(-1);
    if (entries.length < CHUNK) return;
  }
}

/** RFC 4180, with a byte order mark, without which spreadsheets take it for another alphabet. No cell is a formula. */
export async function* logCsv(deps: AccountDeps, place: Place, filter: LogFilter): AsyncGenerator<string> {
  const { words, frame, record } = place;
  const { csv } = words.reads;
  const tell = entryTeller(deps, place);
  yield `\ufeff${csvOf([Object.values(csv)])}`;
  for await (const entries of everyRead(deps, place, filter)) {
    yield csvOf(
      entries.map((entry) => {
        const { who, what, entries: count, outcome } = tell(entry);
        const { at, clientId = '', requestId = '' } = entry;
        const day = isoDayOf(at, record.timeZone);
        const time = timeOf(frame.language, at, record.timeZone);
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

/** FHIR R4 Bundle of AuditEvents, IHE BALP. */
export async function* logBundle(deps: AccountDeps, place: Place, filter: LogFilter): AsyncGenerator<string> {
  const { addresses, types, clock } = deps;
  const setting: AuditSetting = {
    fhirBase: addresses.fhir.r4,
    issuer: addresses.issuer,
    patientId: place.record.patientId,
    stored: (type) => types.aliases[type] ?? type,
  };
  yield `{"resourceType":"Bundle","type":"collection","timestamp":"${clock.now().toISOString()}"`;
  let before = ',"entry":[';
  for await (const entries of everyRead(deps, place, filter)) {
    const texts = entries.map((entry) =>
      JSON.stringify({ fullUrl: `urn:uuid:${entry.id}`, resource: auditEvent(entry, setting) }),
    );
    yield `${before}${texts.join(',')}`;
    before = ',';
  }
  // FHIR R4 JSON: a list is never empty.
  yield before === ',' ? ']}' : '}';
}
