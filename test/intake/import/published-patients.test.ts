import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { r4 } from '../../../src/fhir/index.ts';
import { fileInput, type ImportReport, importFiles } from '../../../src/intake/index.ts';
import { type PracticeId, systemRandom } from '../../../src/kernel/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { dataFiles, withData } from '../../support/fhir/published-data.ts';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';
import { DEEP, slice } from '../../support/runs/slice.ts';

const sets: Readonly<Record<string, readonly string[]>> = {
  inferno: [
    ...dataFiles('inferno-reference-data/resources', 'uscore_bundle_patient_85.json'),
    ...dataFiles('inferno-reference-data/resources', 'uscore_bundle_patient_355.json'),
    ...dataFiles('inferno-reference-data/resources', 'uscore_bundle_patient_client_test.json'),
  ],
  synthea: slice(dataFiles('synthea-r4', '.json'), { share: 0.25 }),
  'us-core': dataFiles('synthea-uscore-10', '.000.ndjson'),
};

describe.skipIf(SHARED_DATA === undefined)(withData('published patients'), () => {
  let server: FhirServer;
  beforeAll(async () => {
    server = await startFhir();
  });
  afterAll(() => server.close());

  const load = (source: string): Promise<ImportReport> =>
    importFiles(
      server.db,
      { practiceId: 1 as PracticeId, source, projections: [], clock: server.clock, random: systemRandom },
      (sets[source] ?? []).map(fileInput),
    );

  it.each([
    ['inferno', 3, 600],
    ['synthea', DEEP ? 16 : 4, DEEP ? 2400 : 400],
    ['us-core', 13, 5000],
  ])('%s load completely, and once', async (source, records, atLeast) => {
    const first = await load(source);
    // One of the published Locations is a patient's home and therefore rejected.
    expect(first.refused.filter(({ reason }) => !reason.includes('private home'))).toEqual([]);
    expect(first.records).toBe(records);
    expect(first.created + first.updated).toBeGreaterThan(atLeast);
    const second = await load(source);
    expect(second).toMatchObject({ records, created: 0, updated: 0, refused: first.refused, skipped: first.skipped });
  });

  it('are read with their own tokens, page by page, every resource once', async () => {
    const patients = await server.db.queryText<{ patient_id: string; record_id: number }>(
      'select patient_id, record_id from record',
      [],
    );
    const [stored] = await server.db.queryText<{ count: number }>('select count(*) as count from resource', []);
    const seen = new Map<string, number>();
    for (const { patient_id, record_id } of patients) {
      const token = await server.token(patient_id);
      for (const { name } of r4.types.filter(({ compartment }) => compartment === 'record')) {
        for (let next: string | undefined = `/${name}?_count=400`; next !== undefined; ) {
          const answer = await server.get(token, next);
          expect(answer.statusCode).toBe(200);
          const { entry = [], link } = answer.json();
          for (const { resource } of entry)
            seen.set(`${record_id}/${name}/${resource.id}`, (seen.get(`${record_id}/${name}/${resource.id}`) ?? 0) + 1);
          next = link[1]?.url;
        }
      }
    }
    expect(seen.size).toBe(stored?.count);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  });

  it('have no reference left that only a Bundle can resolve, except to types that aren’t stored', async () => {
    const left = await server.db.queryText<{ type: string; reference: string }>(
      `select r.type, m[1] as reference from resource r, regexp_matches(r.content, '"reference":"(urn:uuid:[^"]*|[A-Za-z]+\\?[^"]*)"', 'g') m`,
      [],
    );
    const unstored = new Set(left.map(({ reference }) => reference));
    // The remaining urn:uuid references lead to types that aren't stored, such as Device, and never to a loaded
    // resource.
    const ids = [...unstored]
      .filter((reference) => reference.startsWith('urn:uuid:'))
      .map((reference) => reference.slice(9));
    const found = await server.db.queryText('select from resource where id = any($1::uuid[])', [ids]);
    expect(found).toEqual([]);
    expect([...unstored].filter((reference) => reference.includes('?'))).toEqual([]);
  });
});
