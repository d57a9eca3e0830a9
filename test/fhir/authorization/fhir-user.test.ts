import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, projections } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir, type TokenOptions } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const MOTHER = id(1);
const FATHER = id(2);
const DOCTOR = id(3);
const OTHER_DOCTOR = id(4);
const FOREIGN_DOCTOR = id(5);

const person = (number: string, subject: string, relationship: string) => ({
  resourceType: 'RelatedPerson',
  id: number,
  active: true,
  patient: { reference: `Patient/${subject}` },
  identifier: [{ system: 'urn:ssn', value: number.slice(7, 8) }],
  relationship: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: relationship }] }],
  name: [{ family: 'Person' }],
});
const doctor = (number: string) => ({ resourceType: 'Practitioner', id: number, name: [{ family: 'Doctor' }] });

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    person(MOTHER, ANN, 'MTH'),
    person(FATHER, BOB, 'FTH'),
    doctor(DOCTOR),
    doctor(OTHER_DOCTOR),
  ]);
  await server.load([doctor(FOREIGN_DOCTOR)], { practiceId: 2 });
});
afterAll(() => server.close());

const LOGIN = 'openid fhirUser';
const read = async (path: string, options: TokenOptions) => {
  const answer = await server.get(await server.token(ANN, options), path);
  return { status: answer.statusCode, idOrCode: answer.json().id ?? answer.json().issue[0].details.coding[0].code };
};

describe('fhirUser (SMART App Launch 2.2 §3.0.2.3)', () => {
  it('lets a patient’s app read who signed in, and no other Patient', async () => {
    const options: TokenOptions = { scope: LOGIN, fhirUser: { type: 'Patient', id: ANN } };
    expect(await read(`/Patient/${ANN}`, options)).toEqual({ status: 200, idOrCode: ANN });
    expect(await read(`/patient/${ANN.toUpperCase()}`, options)).toEqual({ status: 200, idOrCode: ANN });
    for (const other of [BOB, id(99), 'x'])
      expect(await read(`/Patient/${other}`, options)).toEqual({ status: 403, idOrCode: 'scope-denied' });
    for (const path of ['/Patient', `/Patient?_id=${ANN}`, `/RelatedPerson/${MOTHER}`])
      expect(await read(path, options)).toEqual({ status: 403, idOrCode: 'scope-denied' });
  });

  it('lets a representative’s app read the RelatedPerson in the record', async () => {
    const options: TokenOptions = { scope: LOGIN, fhirUser: { type: 'RelatedPerson', id: MOTHER } };
    expect(await read(`/RelatedPerson/${MOTHER}`, options)).toEqual({ status: 200, idOrCode: MOTHER });
    expect(await read(`/RelatedPerson/${FATHER}`, options)).toEqual({ status: 403, idOrCode: 'scope-denied' });
    expect(await read(`/Patient/${ANN}`, options)).toEqual({ status: 403, idOrCode: 'scope-denied' });
  });

  it('finds nothing in another record, whatever fhirUser the token names', async () => {
    const options: TokenOptions = { scope: LOGIN, fhirUser: { type: 'RelatedPerson', id: FATHER } };
    expect(await read(`/RelatedPerson/${FATHER}`, options)).toEqual({ status: 404, idOrCode: 'not-found' });
  });

  it.each([true, false])('lets a staff app read the Practitioner; a patient in context: %s', async (launched) => {
    const options: TokenOptions = {
      scope: LOGIN,
      practices: [1],
      fhirUser: { type: 'Practitioner', id: DOCTOR },
      ...(launched ? {} : { record: false }),
    };
    expect(await read(`/Practitioner/${DOCTOR}`, options)).toEqual({ status: 200, idOrCode: DOCTOR });
    for (const other of [OTHER_DOCTOR, FOREIGN_DOCTOR])
      expect(await read(`/Practitioner/${other}`, options)).toEqual({ status: 403, idOrCode: 'scope-denied' });
    expect(await read('/Practitioner', options)).toEqual({ status: 403, idOrCode: 'scope-denied' });
    const foreign = { ...options, fhirUser: { type: 'Practitioner', id: FOREIGN_DOCTOR } };
    expect(await read(`/Practitioner/${FOREIGN_DOCTOR}`, foreign)).toEqual({ status: 404, idOrCode: 'not-found' });
    expect(await read(`/Practitioner/${FOREIGN_DOCTOR}`, { ...foreign, practices: [1, 2] })).toEqual({
      status: 200,
      idOrCode: FOREIGN_DOCTOR,
    });
  });

  it('adds to other granted access to the type', async () => {
    const options: TokenOptions = {
      scope: `${LOGIN} patient/RelatedPerson.r?relationship=FTH`,
      fhirUser: { type: 'RelatedPerson', id: MOTHER },
    };
    expect(await read(`/RelatedPerson/${MOTHER}`, options)).toEqual({ status: 200, idOrCode: MOTHER });
    expect(await read(`/RelatedPerson/${FATHER}`, options)).toEqual({ status: 404, idOrCode: 'not-found' });
  });

  it('needs openid and fhirUser, the API of the app, and the practice’s', async () => {
    const fhirUser = { type: 'Patient', id: ANN };
    for (const scope of ['openid', 'fhirUser', 'openid profile'])
      expect(await read(`/Patient/${ANN}`, { scope, fhirUser })).toEqual({ status: 403, idOrCode: 'scope-denied' });
    expect(await read(`/Patient/${ANN}`, { scope: LOGIN, fhirUser, apis: ['dstu2'] })).toEqual({
      status: 403,
      idOrCode: 'api-not-added',
    });
    expect(await read(`/Patient/${ANN}`, { scope: LOGIN, fhirUser, practiceEnabled: false })).toEqual({
      status: 403,
      idOrCode: 'practice-disabled',
    });
  });
});

describe('RelatedPerson', () => {
  it.each([
    ['', [MOTHER]],
    [`?patient=${ANN}`, [MOTHER]],
    [`?_id=${MOTHER},${FATHER}`, [MOTHER]],
    ['?relationship=mth', [MOTHER]],
    ['?relationship=http://terminology.hl7.org/CodeSystem/v3-RoleCode|FTH', []],
    ['?identifier=urn:ssn|1', [MOTHER]],
    ['?active=true', [MOTHER]],
    ['?active=false', []],
  ])('of the record is found by %s', async (query, expected) => {
    const answer = await server.get(await server.token(ANN), `/RelatedPerson${query}`);
    const { total, entry = [] } = answer.json();
    expect(total).toBe(expected.length);
    expect(entry.map((one: { resource: { id: string } }) => one.resource.id)).toEqual(expected);
  });

  it('of another record is not found', async () => {
    expect(await read(`/RelatedPerson/${FATHER}`, {})).toEqual({ status: 404, idOrCode: 'not-found' });
  });

  it('is also read in DSTU2', async () => {
    const mine = await startFhir({ version: dstu2, projections });
    try {
      const report = await mine.load([patient(ANN, 'Ann'), person(MOTHER, ANN, 'MTH')]);
      expect(report).toMatchObject({ created: 2, refused: [] });
      const token = await mine.token(ANN, {
        scope: `${LOGIN} patient/*.rs`,
        fhirUser: { type: 'RelatedPerson', id: MOTHER },
      });
      const read = await mine.get(token, `/RelatedPerson/${MOTHER}`);
      expect({ status: read.statusCode, id: read.json().id }).toEqual({ status: 200, id: MOTHER });
      expect((await mine.get(token, '/RelatedPerson')).json().total).toBe(1);
      expect((await mine.get(token, '/Patient')).json().total).toBe(1);
    } finally {
      await mine.close();
    }
  });
});
