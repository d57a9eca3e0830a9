import { connectOverHttp } from '../test/support/servers/over-http.ts';
import { type BenchEnvironment, ORIGIN } from './environment.ts';
import { inTurns, SECONDS } from './in-turns.ts';
import { reads } from './load.ts';
import {
  fetchResponse,
  passThroughUrl,
  plainReferenceUrl,
  storePassThrough,
  storePlainReference,
} from './reference-responses.ts';
import type { Measurement } from './table.ts';

export const R4 = `${ORIGIN}/nge/prod/fhir-api-r4/fhir/r4`;

/** A patient's token with the record it gives access to. */
export interface BenchReader {
  readonly headers: Record<string, string>;
  readonly patient: string;
  readonly recordId: number;
}

export async function createReader({ apps, db }: BenchEnvironment): Promise<BenchReader> {
  const { access_token, patient } = await connectOverHttp(ORIGIN, apps.plain);
  const [row] = await db.queryText<{ record_id: number }>('select record_id from record where patient_id = $1', [
    patient,
  ]);
  if (row === undefined) throw new Error('the token is for no record');
  const headers = { authorization: `Bearer ${access_token}`, accept: 'application/json' };
  return { headers, patient, recordId: row.record_id };
}

interface FhirRow {
  readonly name: string;
  readonly path: string;
  readonly goal?: number;
  /**
   * True if the reference reads the rows by primary key. By default it reads the newest rows of the type, as the
   * request does.
   */
  readonly byKeys?: boolean;
}

/** Requests that are compared with passing through the same rows of the database. */
const listRows = (patient: string): readonly FhirRow[] => [
  { name: 'Patient read', path: `/Patient/${patient}`, goal: 0.6, byKeys: true },
  { name: 'Observation page of 50', path: '/Observation?_count=50', goal: 0.7 },
  { name: 'the same, _total=none', path: '/Observation?_count=50&_total=none' },
  { name: 'laboratory page of 50', path: '/Observation?category=laboratory&_count=50', byKeys: true },
];

export async function measureFhir(world: BenchEnvironment): Promise<readonly Measurement[]> {
  const reader = await createReader(world);
  const all: Measurement[] = [];
  for (const row of listRows(reader.patient)) all.push(await comparePassThrough(world, reader, row));
  all.push(await metadata(world));
  return all;
}

export async function comparePassThrough(
  { meter }: BenchEnvironment,
  { headers, recordId }: BenchReader,
  { name, path, goal, byKeys = false }: FhirRow,
): Promise<Measurement> {
  const url = `${R4}${path}`;
  const response = await fetchResponse(url, headers);
  await storePassThrough(name, response, recordId, byKeys);
  const pairs = await inTurns(
    () => reads({ url, meter }, headers, SECONDS),
    () => reads({ url: passThroughUrl(name), meter }, headers, SECONDS),
  );
  const bytes = Buffer.byteLength(response.text);
  return { name, bytes, reference: 'passed through', pairs, ...(goal === undefined ? {} : { goal }) };
}

/** Measures a request that needs no token, compared with a reply that is always the same. */
async function metadata({ meter }: BenchEnvironment): Promise<Measurement> {
  const url = `${R4}/metadata`;
  const response = await fetchResponse(url);
  await storePlainReference('metadata', response);
  const pairs = await inTurns(
    () => reads({ url, meter }, {}, SECONDS),
    () => reads({ url: plainReferenceUrl('metadata'), meter }, {}, SECONDS),
  );
  return { name: 'metadata', bytes: Buffer.byteLength(response.text), reference: 'static', goal: 0.5, pairs };
}
