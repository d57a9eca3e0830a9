import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScopes, printScopes, resourceScopes } from '../../../src/access/index.ts';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import { listSharedData } from '../../../src/oauth/consent/consent-items.ts';
import { applyConsentSelection } from '../../../src/oauth/consent/consent-selection.ts';
import { removeDeniedScopes } from '../../../src/oauth/scopes/grantable-scopes.ts';
import { ACCOMPANIED_CATEGORIES } from '../../../src/oauth/scopes/resource-categories.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { offerOf, pageOf } from '../../support/oauth/consent-offer.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import { connectApp, DSTU2, type Fields, getFhir, R4 } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const types = describeServedTypes([r4, dstu2]);
const many = (text: string) => parseScopes(text).scopes;
const left = (scope: string, ...denied: string[]) => printScopes(removeDeniedScopes(many(scope), denied, types));
const named = (scope: string, ...denied: string[]) =>
  resourceScopes(removeDeniedScopes(many(scope), denied, types)).map(({ type }) => type);
const labels = (scope: string, language: 'en' | 'es' = 'en') =>
  pageOf(offerOf(scope, { types }), language).groups.flatMap(({ items }) => items.map(({ label }) => label));
const decided = (scope: string, ...allowed: string[]) => {
  const consented = applyConsentSelection(offerOf(scope, { types }), { allowed, offline: false }, types);
  return consented && { scopes: printScopes(consented.scopes), denied: consented.denied };
};
const MEDICINES = ACCOMPANIED_CATEGORIES.Medication ?? [];
const BOTH = 'patient/Medication.read patient/MedicationRequest.read';

describe('Medication follows the data categories that refer to it (decision 029)', () => {
  it.each(MEDICINES)('it is denied with %s, whichever others are allowed', (kind) => {
    expect(named('patient/*.rs', kind)).not.toContain('Medication');
    expect(named('patient/*.rs', kind)).not.toContain(kind);
    expect(left(`patient/Medication.rs patient/Medication.rs?code=x patient/${kind}.rs patient/Goal.rs`, kind)).toBe(
      'patient/Goal.rs',
    );
    const others = MEDICINES.filter((other) => other !== kind);
    expect(left(['Medication', ...others].map((type) => `patient/${type}.read`).join(' '), kind)).toBe(
      others.map((type) => `patient/${type}.read`).join(' '),
    );
  });

  it('it is not denied with any other category', () => {
    expect(named('patient/*.rs', 'AllergyIntolerance', 'Condition:health-concern')).toContain('Medication');
    expect(left('patient/*.rs')).toBe('patient/*.rs');
    expect(left('user/Medication.rs system/*.rs', 'MedicationRequest')).toBe('user/Medication.rs system/*.rs');
  });

  it('it stays in grants from before the consent page covered it (migration 005)', () => {
    const before = ['MedicationAdministration', 'MedicationDispense', 'MedicationStatement'];
    expect(named('patient/*.read', ...before)).toContain('MedicationRequest');
    expect(named('patient/*.read', ...before)).not.toContain('Medication');
  });

  it.each([BOTH, 'patient/Medication.rs patient/MedicationRequest.rs', 'patient/*.rs'])(
    'it has no consent item beside theirs: %s',
    (scope) => {
      expect(labels(scope)).toContain('Medicines');
      expect(labels(scope)).not.toContain('Names of medicines');
    },
  );

  it('it is allowed and denied with them', () => {
    expect(decided(BOTH, 'MedicationRequest')).toEqual({ scopes: BOTH, denied: [] });
    expect(decided(BOTH)).toBeUndefined();
    expect(decided(`${BOTH} patient/Goal.read`, 'Goal', 'Medication')).toEqual({
      scopes: 'patient/Goal.read',
      denied: ['MedicationRequest'],
    });
  });

  it('it has its own item if it is requested alone', () => {
    expect(labels('patient/Medication.rs patient/Provenance.rs')).toEqual(['Names of medicines']);
    expect(labels('patient/Medication.read', 'es')).toEqual(['Nombres de medicinas']);
    expect(labels('patient/Medication.rs?code=x')).toEqual(['Some names of medicines']);
    expect(decided('patient/Medication.rs', 'Medication')).toEqual({ scopes: 'patient/Medication.rs', denied: [] });
    expect(decided('patient/Medication.rs patient/Goal.rs', 'Goal')).toEqual({
      scopes: 'patient/Goal.rs',
      denied: ['Medication'],
    });
    expect(listSharedData(many('patient/Medication.rs'), types, 'en')).toEqual(['Names of medicines']);
  });

  it('it is not granted if only part of them is requested, because no item announces the others', () => {
    const some = 'patient/Medication.rs patient/MedicationRequest.rs?status=active';
    expect(labels(some)).toEqual(['Some medicines']);
    expect(decided(some, 'MedicationRequest')).toEqual({
      scopes: 'patient/MedicationRequest.rs?status=active',
      denied: ['Medication'],
    });
    const whole = `${some} patient/MedicationDispense.rs`;
    expect(decided(whole, 'MedicationRequest', 'MedicationDispense')?.scopes).toBe(whole);
  });
});

const PATIENT = '0000000a-0000-4000-8000-0000000000aa';
const CHART = [
  { resourceType: 'Patient', id: PATIENT, name: [{ family: 'Med' }] },
  { resourceType: 'Medication', id: 'm1', code: { coding: [{ system: 'urn:drugs', code: 'x' }], text: 'the drug' } },
  {
    resourceType: 'MedicationRequest',
    id: 'r1',
    status: 'active',
    intent: 'order',
    subject: { reference: `Patient/${PATIENT}` },
    medicationReference: { reference: 'Medication/m1' },
  },
];

let server: TestServer;
let lou: LivePerson;
let app: TestApp;
beforeAll(async () => {
  server = await startServer();
  lou = await addLivePatient(server, [textInput('chart', CHART.map((one) => JSON.stringify(one)).join('\n'))]);
  app = await addApp(server);
});
afterAll(() => server.close());

async function tokenFor(scope: string, choice: Fields = {}, of = app) {
  return (await connectApp(server.app, of, { scope }, choice, lou)).access_token;
}
const statusOf = async (token: string, path: string) => (await getFhir(server.app, `${R4}${path}`, token)).statusCode;

describe('an app that requests medications and Medication', () => {
  it.each([
    ['SMART v1', BOTH],
    ['SMART v2', 'patient/Medication.rs patient/MedicationRequest.rs'],
    ['everything', 'patient/*.read'],
  ])('gets both with %s', async (_, scope) => {
    const token = await tokenFor(scope);
    const found = await getFhir(server.app, `${R4}/MedicationRequest?_include=MedicationRequest:medication`, token);
    const all: { resource: { resourceType: string; id: string; medicationReference?: { reference: string } } }[] =
      found.json().entry;
    expect(all.map(({ resource }) => resource.resourceType)).toEqual(['MedicationRequest', 'Medication']);
    const reference = all[0]?.resource.medicationReference?.reference;
    expect(reference).toBe(`Medication/${all[1]?.resource.id}`);
    const read = await getFhir(server.app, `${R4}/${reference}`, token);
    expect(read.json()).toMatchObject({ code: { text: 'the drug' } });
    const old = await getFhir(server.app, `${DSTU2}/${reference}`, token);
    expect(old.json()).toMatchObject({ resourceType: 'Medication', code: { text: 'the drug' } });
    expect(await statusOf(token, '/MedicationRequest?medication.code=x')).toBe(200);
  });

  it('gets neither after one medication category was denied', async () => {
    const allow = ['MedicationRequest', 'MedicationStatement'];
    const token = await tokenFor('patient/*.rs', { allow }, await addApp(server));
    expect(await statusOf(token, '/MedicationRequest')).toBe(200);
    expect(await statusOf(token, '/Medication')).toBe(403);
    expect(await statusOf(token, '/MedicationRequest?medication.code=x')).toBe(403);
    const along = await getFhir(server.app, `${R4}/MedicationRequest?_include=MedicationRequest:medication`, token);
    expect(along.json().entry).toHaveLength(1);
  });

  it('gets no more from earlier access after a later denial', async () => {
    const other = await addApp(server);
    const before = await tokenFor('patient/*.rs', {}, other);
    expect(await statusOf(before, '/Medication')).toBe(200);
    await tokenFor('patient/*.rs', { allow: ['Condition:health-concern', 'MedicationRequest'], earlier: 'yes' }, other);
    server.clock.advance(2000);
    expect(await statusOf(before, '/Medication')).toBe(403);
    expect(await statusOf(before, '/MedicationRequest')).toBe(200);
  });
});
