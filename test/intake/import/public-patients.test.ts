import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fileInput } from '../../../src/intake/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { SHARED_DATA } from '../../support/fhir/shared-data.ts';
import { addLivePatient } from '../../support/people/live-patient.ts';
import { connectApp, DSTU2, getFhir, R4, type TokenAnswer } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const R4_TYPES = [
  'Patient',
  'Observation',
  'Condition',
  'AllergyIntolerance',
  'MedicationRequest',
  'Encounter',
  'Immunization',
  'DocumentReference',
  'Provenance',
  'Practitioner',
  'Organization',
  'Location',
];
const DSTU2_TYPES = ['Patient', 'Observation', 'Condition', 'AllergyIntolerance', 'MedicationOrder'];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Reads all pages of a type by following the next links. */
async function readAll(token: TokenAnswer, base: string, type: string): Promise<{ total: number; ids: string[] }> {
  const ids: string[] = [];
  let total = 0;
  for (let url: string | undefined = `${base}/${type}?_count=40`; url !== undefined; ) {
    const response = await getFhir(server.app, url, token.access_token);
    expect(response.statusCode).toBe(200);
    const bundle = response.json();
    total = bundle.total;
    for (const { resource, search } of bundle.entry ?? []) {
      expect({ resourceType: resource.resourceType, mode: search.mode }).toEqual({ resourceType: type, mode: 'match' });
      ids.push(resource.id);
    }
    const next: string | undefined = bundle.link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
    url = next === undefined ? undefined : new URL(next).pathname + new URL(next).search;
  }
  return { total, ids };
}

const inferno = (id: number) => [
  path.join(SHARED_DATA ?? '', `inferno-reference-data/resources/uscore_bundle_patient_${id}.json`),
];
const synthea = SHARED_DATA === undefined ? [] : readdirSync(path.join(SHARED_DATA, 'synthea-r4')).slice(0, 3);

const sources: [string, string[]][] = [
  ['US Core reference patient 85', inferno(85)],
  ['US Core reference patient 355', inferno(355)],
  ...synthea.map((name): [string, string[]] => [
    `Synthea ${name.split('_')[0]}`,
    [path.join(SHARED_DATA ?? '', 'synthea-r4', name)],
  ]),
];

describe.skipIf(SHARED_DATA === undefined)('public patients (skipped without SHARED_DATA)', () => {
  it.each(sources)('%s is loaded, signs in, connects an app, and is read in both versions', async (_, files) => {
    const person = await addLivePatient(server, files.map(fileInput));
    const token = await connectApp(server.app, await addApp(server), {}, {}, person);
    expect(token.patient).toBe(person.patientId);
    for (const [base, types] of [
      [R4, R4_TYPES],
      [DSTU2, DSTU2_TYPES],
    ] as const) {
      for (const type of types) {
        const { total, ids } = await readAll(token, base, type);
        expect({ type, found: ids.length, distinct: new Set(ids).size }).toEqual({
          type,
          found: total,
          distinct: total,
        });
        if (type === 'Patient') expect(ids).toEqual([person.patientId]);
        if (type === 'Observation' || type === 'Condition') expect(total).toBeGreaterThan(0);
      }
    }
  });

  it('the documents of patient 85 can be downloaded', async () => {
    // Patient 85 may already be loaded in the server of the other tests.
    const own = await startServer();
    onTestFinished(() => own.close());
    const person = await addLivePatient(own, inferno(85).map(fileInput));
    const token = await connectApp(own.app, await addApp(own), {}, {}, person);
    const bundle = (await getFhir(own.app, `${R4}/DocumentReference`, token.access_token)).json();
    const urls: string[] = bundle.entry.flatMap(
      ({ resource }: { resource: { content: { attachment: { url?: string } }[] } }) =>
        resource.content.map(({ attachment }) => attachment.url),
    );
    const binaries = urls.filter((url) => url?.startsWith(`http://localhost:8080${R4}/Binary/`));
    expect(binaries.length).toBeGreaterThan(0);
    for (const url of binaries) {
      const response = await getFhir(own.app, new URL(url).pathname, token.access_token, { accept: '*/*' });
      expect({ status: response.statusCode, hasContent: response.rawPayload.length > 0 }).toEqual({
        status: 200,
        hasContent: true,
      });
      expect((await own.app.inject(new URL(url).pathname)).statusCode).toBe(401);
    }
  });
});
