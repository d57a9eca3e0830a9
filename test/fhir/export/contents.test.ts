import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  ASYNC,
  addBackendApp,
  callApi,
  id,
  idsIn,
  LIVE,
  loadResources,
  observation,
  patient,
  readFiles,
  runExport,
  SANDBOX,
} from './export-client.ts';

let server: TestServer;
const provenance = (number: number, target: string): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  recorded: '2024-05-03T00:00:00Z',
  target: [{ reference: target }],
  agent: [{ who: { reference: `Practitioner/${id(90)}` } }],
});
beforeAll(async () => {
  server = await startServer();
  await loadResources(server, LIVE, [
    patient(1),
    patient(2),
    patient(3),
    patient(4),
    observation(11, 1),
    observation(12, 1, 'vital-signs', { status: 'amended' }),
    observation(21, 2),
    observation(31, 3),
    observation(41, 4),
    provenance(51, `Observation/${id(11)}`),
    provenance(52, `Observation/${id(12)}`),
    { resourceType: 'Practitioner', id: id(90), name: [{ family: 'Doctor' }] },
    { resourceType: 'Organization', id: id(91), name: 'Live' },
  ]);
  await server.db.queryText("update record set state = 'merged' where patient_id = $1", [id(3)]);
  await server.db.queryText("update record set state = 'erased' where patient_id = $1", [id(4)]);
});
afterAll(() => server.close());

async function filesOf(
  query: string,
  options: Parameters<typeof addBackendApp>[1] = {},
  sent?: Parameters<typeof runExport>[3],
) {
  const token = await (await addBackendApp(server, options)).token();
  return readFiles(server, token, (await runExport(server, token, `/Patient/$export${query}`, sent)).done);
}

describe('Bulk Data 2.0: contents of an export', () => {
  it('active records of the practices of the app, and no others', async () => {
    const live = await filesOf('');
    expect(idsIn(live, 'Patient')).toEqual([id(1), id(2)]);
    expect(idsIn(live, 'Observation')).toEqual([id(11), id(12), id(21)]);
    const sandbox = await filesOf('', { practiceIds: [SANDBOX] });
    expect(idsIn(sandbox, 'Patient').length).toBeGreaterThan(10);
    const text = JSON.stringify([...sandbox]);
    for (const number of [1, 2, 11, 12, 21, 51, 90, 91]) expect(text).not.toContain(id(number));
    const both = await filesOf('?_type=Patient', { practiceIds: [SANDBOX, LIVE] });
    expect(idsIn(both, 'Patient')).toEqual([...idsIn(live, 'Patient'), ...idsIn(sandbox, 'Patient')].sort());
  });

  it.each([
    ['?_type=Patient,Observation', ['Observation', 'Patient']],
    ['?_type=Patient&_type=Organization', ['Organization', 'Patient']],
    ['?_type=Immunization', []],
  ])('_type: %s', async (query, types) => {
    expect([...(await filesOf(query)).keys()].sort()).toEqual(types);
  });

  it.each([
    ['one search', 'Observation?category=laboratory', [11, 21]],
    ['two in one parameter', 'Observation?category=vital-signs,Observation?code=http://loinc.org|2', [12]],
    ['a comma within a value', 'Observation?category=vital-signs,laboratory', [11, 12, 21]],
    ['everything of one search', 'Observation?category=laboratory&status=amended', []],
    ['a chain', `Observation?subject:Patient.given=P2`, [21]],
    ['an id', `Observation?_id=${id(11)},${id(31)}`, [11]],
    ['escaped twice', encodeURIComponent('Observation?status=amended'), [12]],
  ])('_typeFilter: %s', async (_what, filter, numbers) => {
    const files = await filesOf(`?_type=Patient,Observation&_typeFilter=${encodeURIComponent(filter)}`);
    expect(idsIn(files, 'Observation')).toEqual(numbers.map(id));
    expect(idsIn(files, 'Patient')).toEqual([id(1), id(2)]);
  });

  it('_typeFilter: several parameters are alternatives', async () => {
    const filters = ['category=vital-signs', `_id=${id(21)}`].map(
      (one) => `&_typeFilter=${encodeURIComponent(`Observation?${one}`)}`,
    );
    expect(idsIn(await filesOf(`?_type=Observation${filters.join('')}`), 'Observation')).toEqual([id(12), id(21)]);
  });

  it('_elements: the requested and the required elements, tagged SUBSETTED', async () => {
    const files = await filesOf('?_type=Patient,Observation&_elements=Patient.gender');
    expect(files.get('Patient')?.[0]).not.toHaveProperty('name');
    expect(files.get('Patient')?.[0]).toMatchObject({ gender: 'other', meta: { tag: [{ code: 'SUBSETTED' }] } });
    expect(files.get('Observation')?.[0]).toHaveProperty('effectiveDateTime');
  });

  it.each([
    [
      'a Parameters resource',
      'application/fhir+json',
      JSON.stringify({
        resourceType: 'Parameters',
        parameter: [
          { name: '_type', valueString: 'Patient,Observation' },
          { name: 'patient', valueReference: { reference: `Patient/${id(2)}` } },
          { name: '_since', valueInstant: '2020-01-01T00:00:00Z' },
        ],
      }),
    ],
    ['a form', 'application/x-www-form-urlencoded', `_type=Patient%2CObservation&patient=Patient%2F${id(2)}`],
  ])('by POST, with %s, of the named patients', async (_what, type, payload) => {
    const files = await filesOf('', {}, { method: 'POST', headers: { ...ASYNC, 'content-type': type }, payload });
    expect({ patient: idsIn(files, 'Patient'), observation: idsIn(files, 'Observation') }).toEqual({
      patient: [id(2)],
      observation: [id(21)],
    });
  });
});

describe('sensitive labels (docs/decisions/017)', () => {
  it('withhold the same from a backend app in an export as in a search, and can be searched by', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-labels-'));
    const [system, code] = ['http://terminology.hl7.org/CodeSystem/v3-ActCode', 'PSY'];
    const label = { system, code, label: { en: 'a', es: 'b' }, basis: { en: 'c', es: 'd' } };
    writeFileSync(path.join(folder, 'labels.json'), JSON.stringify([label]));
    const own = await startServer({ SENSITIVE_LABELS: path.join(folder, 'labels.json') });
    try {
      await loadResources(own, LIVE, [
        patient(1),
        observation(11, 1),
        observation(12, 1, 'laboratory', { meta: { security: [{ system, code }] } }),
      ]);
      const token = await (await addBackendApp(own)).token();
      const searched = (await callApi(own, token, '/Observation')).json();
      const all = await readFiles(own, token, (await runExport(own, token)).done);
      expect(idsIn(all, 'Observation')).toEqual(
        searched.entry.map(({ resource }: { resource: Resource }) => resource.id).sort(),
      );
      const filter = encodeURIComponent(`Observation?_security=${system}|${code}`);
      const address = `/Patient/$export?_type=Observation&_typeFilter=${filter}`;
      expect(idsIn(await readFiles(own, token, (await runExport(own, token, address)).done), 'Observation')).toEqual([
        id(12),
      ]);
    } finally {
      await own.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('SMART scopes apply to an export as to a search', () => {
  it.each([
    ['system/*.read', ['Observation', 'Organization', 'Patient', 'Practitioner', 'Provenance']],
    ['system/Patient.rs', ['Patient']],
    ['system/Patient.rs system/Practitioner.rs', ['Patient', 'Practitioner']],
    ['system/Patient.s system/Observation.r', ['Patient']],
  ])('%s', async (scope, types) => {
    expect([...(await filesOf('', { scope })).keys()].sort()).toEqual(types);
  });

  it('a named type that isn’t granted is rejected, as is every export of a token without any type', async () => {
    const expectRejected = async (scope: string, path: string) => {
      const token = await (await addBackendApp(server, { scope })).token();
      const answer = await callApi(server, token, path, { headers: ASYNC });
      return { status: answer.statusCode, code: answer.json().issue[0].code };
    };
    expect(await expectRejected('system/Patient.rs', '/Patient/$export?_type=Patient,Observation')).toEqual({
      status: 403,
      code: 'forbidden',
    });
    expect(await expectRejected('system/Patient.r', '/Patient/$export')).toEqual({ status: 403, code: 'forbidden' });
    expect(await expectRejected('system/Group.rs', '/Patient/$export')).toEqual({ status: 403, code: 'forbidden' });
    expect(await expectRejected('system/Patient.rs', `/Group/${id(1)}/$export?_type=Observation`)).toEqual({
      status: 403,
      code: 'forbidden',
    });
  });

  it('a granular scope limits the types and the targets of Provenance', async () => {
    const scope = 'system/Observation.rs?category=laboratory system/Provenance.rs';
    const files = await filesOf('', { scope });
    expect([...files.keys()].sort()).toEqual(['Observation', 'Provenance']);
    expect(idsIn(files, 'Observation')).toEqual([id(11), id(21)]);
    expect(idsIn(files, 'Provenance')).toEqual([id(51)]);
    const filtered = await filesOf('?_typeFilter=Observation%3Fcategory%3Dvital-signs', { scope });
    expect([...filtered.keys()]).toEqual(['Provenance']);
  });

  it('a filter with a chain into a type that isn’t granted is rejected', async () => {
    const token = await (await addBackendApp(server, { scope: 'system/Observation.rs' })).token();
    const filter = encodeURIComponent('Observation?subject:Patient.given=P2');
    const answer = await callApi(server, token, `/Patient/$export?_typeFilter=${filter}`, { headers: ASYNC });
    expect(answer.statusCode).toBe(403);
  });

  it('a file requires a token that is allowed everything it was made from', async () => {
    const app = await addBackendApp(server);
    const { done } = await runExport(server, await app.token());
    const url = (type: string) => done.output.find((one) => one.type === type)?.url ?? '';
    const status = async (scope: string, type: string) =>
      (await callApi(server, await app.token(scope), url(type))).statusCode;
    expect(await status('system/Observation.rs', 'Observation')).toBe(200);
    expect(await status('system/Observation.rs', 'Patient')).toBe(403);
    expect(await status('system/Observation.rs?category=laboratory', 'Observation')).toBe(403);
    expect(await status('system/Provenance.rs', 'Provenance')).toBe(403);
    await server.db.queryText('update app set practice_ids = $2 where client_id = $1', [app.client_id, [SANDBOX]]);
    server.clock.advance(1000);
    expect(await status('system/*.rs', 'Observation')).toBe(403);
  });

  it('a file excludes patients whose record has ended since it was made', async () => {
    const app = await addBackendApp(server);
    const { done } = await runExport(server, await app.token(), '/Patient/$export?_type=Patient,Practitioner');
    const status = async (type: string) =>
      (await callApi(server, await app.token(), done.output.find((one) => one.type === type)?.url ?? '')).statusCode;
    expect(await status('Patient')).toBe(200);
    await server.db.queryText("update record set state = 'erased' where patient_id = $1", [id(2)]);
    expect(await status('Patient')).toBe(404);
    await server.db.queryText("update record set state = 'active' where patient_id = $1", [id(2)]);
    expect(await status('Patient')).toBe(200);
  });

  it.each([
    ['its practices', 'update app set practice_ids = array[1] where client_id = $1'],
    ['its scopes', "update app set scope = 'system/Patient.rs' where client_id = $1"],
    ['its grant', 'update consent_grant set revoked_at = now() where client_id = $1'],
  ])('an export ends when the app has lost %s', async (_what, change) => {
    const app = await addBackendApp(server);
    const job = String(
      (await callApi(server, await app.token(), '/Patient/$export', { headers: ASYNC })).headers['content-location'],
    );
    await server.db.queryText(change, [app.client_id]);
    await server.runExports();
    const [row] = await server.db.queryText<{ state: string }>('select state from export_job where client_id = $1', [
      app.client_id,
    ]);
    expect(row?.state).toBe('failed');
    await server.db.queryText('update consent_grant set revoked_at = null where client_id = $1', [app.client_id]);
    await server.db.queryText('update app set practice_ids = array[2] where client_id = $1', [app.client_id]);
    server.clock.advance(1000);
    const answer = await callApi(server, await app.token('system/Patient.rs'), job);
    expect({ status: answer.statusCode, resourceType: answer.json().resourceType }).toEqual({
      status: 403,
      resourceType: 'OperationOutcome',
    });
  });
});
