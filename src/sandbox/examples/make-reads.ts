import type { MadeUpRead } from '../../audit/index.ts';
import { type AccountId, days, derivedUuid, hours, minutes, type RecordId, seconds } from '../../kernel/index.ts';
import { type SeededRandom, seededRandom } from '../generator/seeded-random.ts';
import { BACKEND_READER, type ExampleReader, PATIENT_READERS, STAFF_READER } from './example-apps.ts';

/** Number of days that the made-up reads go back. */
export const HISTORY_DAYS = 14;
/** Maximum number of resources that a made-up search returns: one page of a search. */
const MAX_RESOURCES = 50;
/** Day of the week on which the backend app reads, as in `Date.getUTCDay`. */
const BACKEND_DAY = 1;

/** A record of a sandbox patient, with what it contains. */
export interface ExampleRecord {
  readonly recordId: RecordId;
  /** Text that identifies the record on every installation. It is the seed of its reads. */
  readonly key: string;
  /** The patient, who uses apps. */
  readonly patient: ExamplePerson;
  /** Number of resources by type. */
  readonly counts: ReadonlyMap<string, number>;
}

/** A person who uses apps in the made-up reads. */
export interface ExamplePerson {
  readonly accountId: AccountId;
  readonly name: string;
}

interface Session {
  readonly reader: ExampleReader;
  readonly at: number;
  readonly person: ExamplePerson | undefined;
  readonly personKind: MadeUpRead['personKind'];
}

/**
 * Makes up reads of the last two weeks, up to now. A day has the same reads whenever it is made, so that yesterday's
 * log doesn't change.
 */
export function makeReads(
  records: readonly ExampleRecord[],
  clinician: ExamplePerson | undefined,
  now: Date,
): readonly MadeUpRead[] {
  const today = Math.floor(now.getTime() / days(1));
  const reads = records.flatMap((record) =>
    Array.from({ length: HISTORY_DAYS }, (_, back) => today - back).flatMap((day) =>
      readsOfDay(record, clinician, day),
    ),
  );
  return reads.filter(({ at }) => at <= now);
}

function readsOfDay(record: ExampleRecord, clinician: ExamplePerson | undefined, day: number): MadeUpRead[] {
  const random = seededRandom('sandbox', 'made-up reads', record.key, String(day));
  const start = day * days(1);
  // Hours in UTC, at which it is day in all of the United States.
  const during = (): number => start + random.between(hours(15), hours(23));
  const sessions: Session[] = [
    ...usedApps(record.key)
      .filter(() => random.chance(0.4))
      .map((reader) => ({ reader, at: during(), person: record.patient, personKind: 'patient' as const })),
    ...(clinician !== undefined && random.chance(0.08)
      ? [{ reader: STAFF_READER, at: during(), person: clinician, personKind: 'staff' as const }]
      : []),
    ...(new Date(start).getUTCDay() === BACKEND_DAY
      ? [
          {
            reader: BACKEND_READER,
            at: start + hours(8) + random.between(0, minutes(20)),
            person: undefined,
            personKind: undefined,
          },
        ]
      : []),
  ];
  return sessions.flatMap((session) => readsOfSession(record, session, random));
}

/** Returns the apps that a patient uses: the demo app, and one or two others. */
function usedApps(key: string): readonly ExampleReader[] {
  const random = seededRandom('sandbox', 'used apps', key);
  const [demo, ...others] = PATIENT_READERS;
  const used = others.filter(() => random.chance(0.4)).slice(0, 2);
  return demo === undefined ? used : [demo, ...used];
}

function readsOfSession(
  { recordId, key, counts }: ExampleRecord,
  session: Session,
  random: SeededRandom,
): MadeUpRead[] {
  const { reader, at, person, personKind } = session;
  // A patient's access can expire. The app then gets no data until the patient connects it again.
  const isDenied = random.chance(0.04);
  const types = reader.types.filter((type) => type === 'Patient' || (counts.get(type) ?? 0) > 0);
  return (isDenied ? types.slice(0, 1) : types).map((type, index) => ({
    id: derivedUuid('made-up read', key, reader.clientId, String(Math.floor(at)), type),
    recordId,
    at: new Date(Math.floor(at) + index * seconds(1) + random.integer(0, 400)),
    kind: type === 'Patient' ? 'read' : 'search',
    outcome: isDenied ? 'failure' : 'success',
    accountId: person?.accountId,
    clientId: reader.clientId,
    app: reader.name,
    person: person?.name,
    personKind,
    type,
    resources: isDenied ? 0 : Math.min(MAX_RESOURCES, Math.max(1, counts.get(type) ?? 1)),
  }));
}
