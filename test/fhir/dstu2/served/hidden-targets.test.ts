import { describe, expect, it } from 'vitest';
import { dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import { refreshProjections } from '../../../../src/fhir/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { replaceConverted } from '../../../support/database/conversions.ts';
import { markAsEarlierRelease } from '../../../support/database/earlier-release.ts';
import { ownServer } from '../fixtures/own-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(900);
const about = { subject: { reference: `Patient/${ANN}` } };
const patient: Resource = { resourceType: 'Patient', id: ANN, gender: 'female' };
const request = (number: number, changes: object = {}): Resource => ({
  resourceType: 'MedicationRequest',
  id: id(number),
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: { text: 'Aspirin' },
  ...about,
  ...changes,
});
const visit = (changes: object = {}): Resource => ({
  resourceType: 'Encounter',
  id: id(20),
  status: 'finished',
  class: { code: 'AMB' },
  ...about,
  ...changes,
});
const provenance = (number: number, ...target: readonly object[]): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  target,
  recorded: '2021-01-01T00:00:00Z',
  agent: [{ who: { display: 'Dr.' } }],
});
const to = (type: string, number: number, more: object = {}) => ({ reference: `${type}/${id(number)}`, ...more });
const HIDDEN = { display: 'A resource that FHIR DSTU2 does not have' };

const own = ownServer(ANN);
const { load, read } = own;
const targets = async (number: number) => (await read(`/Provenance/${id(number)}`))['target'];

/** A reference to a hidden resource would lead to 404, so Provenance must not have it (docs/decisions/007 and 035). */
describe('the targets of Provenance', () => {
  it('are named if they are visible, by their DSTU2 type names', async () => {
    const plan = request(12, { intent: 'plan', reportedBoolean: true });
    const forbidden = request(13, { doNotPerform: true });
    await load(
      patient,
      ...[visit(), request(11), plan, forbidden],
      provenance(31, to('MedicationRequest', 11), to('Encounter', 20)),
      provenance(32, to('MedicationRequest', 12)),
      provenance(33, to('MedicationRequest', 13), to('MedicationRequest', 11)),
      provenance(34, to('MedicationRequest', 13, { display: 'No aspirin' })),
    );
    expect(await targets(31)).toEqual([to('MedicationOrder', 11), to('Encounter', 20)]);
    expect(await targets(32)).toEqual([{ reference: `MedicationStatement/medicationrequest-${id(12)}` }]);
    expect(await targets(33)).toEqual([HIDDEN, to('MedicationOrder', 11)]);
    expect(await targets(34)).toEqual([{ display: 'No aspirin' }]);
  });

  it('are included in their visible variant, and lead back to the Provenance', async () => {
    await load(
      patient,
      request(12, { intent: 'plan', reportedBoolean: true }),
      provenance(32, to('MedicationRequest', 12)),
    );
    const names = async (path: string) =>
      ((await read(path))['entry'] as { fullUrl: string }[]).map(({ fullUrl }) =>
        fullUrl.split('/').slice(-2).join('/'),
      );
    const [statement, provenancePath] = [`MedicationStatement/medicationrequest-${id(12)}`, `Provenance/${id(32)}`];
    expect(await names('/MedicationStatement?_revinclude=Provenance:target')).toEqual([statement, provenancePath]);
    expect(await names('/Provenance?_include=Provenance:target')).toEqual([provenancePath, statement]);
  });

  it('aren’t named once they are hidden, and are named again when they are visible', async () => {
    await load(patient, visit(), provenance(31, to('Encounter', 20)));
    expect(await targets(31)).toEqual([to('Encounter', 20)]);
    await load(visit({ status: 'entered-in-error' }));
    expect(await targets(31)).toEqual([HIDDEN]);
    await load(visit());
    expect(await targets(31)).toEqual([to('Encounter', 20)]);
  });

  it('are correct in an older installation from the start', async () => {
    await load(patient, request(13, { doNotPerform: true }), provenance(33, to('MedicationRequest', 13)));
    await replaceConverted(own.server.db, 8, ({ content }) => content?.replace(HIDDEN.display, 'x') ?? null);
    await own.server.db.queryText('update conversion set asked = null', []);
    expect(await targets(33)).toEqual([{ display: 'x' }]);
    await markAsEarlierRelease(own.server.db);
    await refreshProjections(own.server.db, { projections: dstu2Projections });
    expect(await targets(33)).toEqual([HIDDEN]);
  });
});

it('an order that another one replaces is named if it is a MedicationOrder', async () => {
  await load(
    patient,
    request(11),
    request(12, { intent: 'plan', reportedBoolean: true }),
    request(14, { priorPrescription: to('MedicationRequest', 11, { display: 'first' }) }),
    request(15, { priorPrescription: to('MedicationRequest', 12, { display: 'said' }) }),
  );
  const prior = async (number: number) => (await read(`/MedicationOrder/${id(number)}`))['priorPrescription'];
  expect(await prior(14)).toEqual(to('MedicationOrder', 11, { display: 'first' }));
  expect(await prior(15)).toEqual({ display: 'said' });
});

it('resources that are read often match by their version, as before', async () => {
  await load(patient, visit(), {
    resourceType: 'Observation',
    id: id(40),
    status: 'final',
    code: { text: 'x' },
    encounter: to('Encounter', 20),
    ...about,
  });
  const path = `/Observation/${id(40)}`;
  const { headers } = await own.server.get(own.token, path);
  expect((await own.server.get(own.token, path, { 'if-none-match': `${headers['etag']}` })).statusCode).toBe(304);
});
