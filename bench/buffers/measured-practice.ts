import { registerApp } from '../../src/apps/index.ts';
import type { Config } from '../../src/config/index.ts';
import type { Database } from '../../src/database/index.ts';
import { createPatientAccount, createStaffAccount } from '../../src/identity/index.ts';
import { createSession } from '../../src/identity/sessions/session.ts';
import {
  systemClock as clock,
  type PracticeId,
  type RecordId,
  systemRandom as random,
} from '../../src/kernel/index.ts';
import type { Fields } from '../../test/support/servers/over-http.ts';

/** The largest practice of the measured database, and who reads it. */
export interface MeasuredPractice {
  readonly practiceId: PracticeId;
  readonly patient: MeasuredPatient;
  /** A patient's app. */
  readonly app: Fields;
  readonly person: { readonly username: string; readonly password: string };
  /** Cookie of a member of the front desk. */
  readonly staffCookie: string;
}

interface MeasuredPatient {
  readonly recordId: RecordId;
  readonly patientId: string;
  readonly resources: number;
  readonly name: string;
  readonly family: string;
  readonly birthDate: string;
  /** An identifier, such as an MRN, as staff type it. */
  readonly number: string;
  /** The same in the Patient. */
  readonly identifier: string;
}

/** Number of records of which the largest is measured. */
const SAMPLED_RECORDS = 200;

/** Adds an app, an account of a patient and one of the front desk to the measured database. */
export async function prepareMeasuredPractice(db: Database, config: Config): Promise<MeasuredPractice> {
  const practiceId = await findLargestPractice(db);
  const patient = await findPatient(db, practiceId);
  const { passwordCost } = config;
  const redirect_uri = 'https://bench.example/callback';
  const app = await registerApp(
    db,
    { clock, random },
    { name: 'Bench', redirectUris: [redirect_uri], apis: ['r4'], scope: 'patient/*.rs', state: 'active' },
  );
  const person = { username: `bench-${random.uuid()}`, password: random.uuid() };
  const { recordId } = patient;
  const wanted = { ...person, displayName: patient.name, recordId, published: false };
  await createPatientAccount(db, { clock, random, passwordCost }, wanted);
  const practices = [{ practiceId, practitionerId: undefined, roles: ['front-desk'] as const }];
  const desk = { username: `desk-${random.uuid()}`, password: random.uuid(), displayName: 'Bench', published: false };
  const accountId = await db.transaction((tx) =>
    createStaffAccount(tx, { clock, random, passwordCost }, { ...desk, practices }),
  );
  if (accountId === undefined) throw new Error('the username is new');
  return {
    practiceId,
    patient,
    app: { client_id: app.clientId, client_secret: app.clientSecret ?? '', redirect_uri },
    person,
    staffCookie: `session=${await createSession(db, { clock, random }, { accountId })}`,
  };
}

async function findLargestPractice(db: Database): Promise<PracticeId> {
  const [row] = await db.queryText<{ practice_id: PracticeId }>(
    'select practice_id from record group by practice_id order by count(*) desc limit 1',
    [],
  );
  if (row === undefined) throw new Error('the database has no patients');
  return row.practice_id;
}

/** Finds the patient of `BENCH_PATIENT`, or else the one with the largest record among a sample. */
async function findPatient(db: Database, practiceId: PracticeId): Promise<MeasuredPatient> {
  const [row] = await db.queryText<MeasuredPatient>(
    `select r.record_id as "recordId", r.patient_id::text as "patientId", d.name, coalesce(d.family, '') as family,
       coalesce(d.birth_date, '1970-01-01')::text as "birthDate", coalesce(d.numbers[1], '') as number,
       (select s.content::jsonb #>> '{identifier,0,value}' from resource s
        where s.record_id = r.record_id and s.type = 'Patient' and s.id = r.patient_id) as identifier,
       (select count(*) from resource s where s.record_id = r.record_id)::int4 as resources
     from record r join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
     where r.practice_id = $1 and r.state = 'active'
       and case when $2::uuid is not null then r.patient_id = $2 else r.record_id in (
         select record_id from record where practice_id = $1 order by record_id desc limit ${SAMPLED_RECORDS}) end
     order by resources desc limit 1`,
    [practiceId, process.env['BENCH_PATIENT'] ?? null],
  );
  if (row === undefined) throw new Error('the practice has no such patient');
  return row;
}
