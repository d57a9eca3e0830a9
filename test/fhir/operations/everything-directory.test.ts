import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, ROLE, WARD, CLINIC, GROUP, OTHER] = [id(901), id(801), id(802), id(803), id(804), id(805)];
const reference = (type: string, to: string) => ({ reference: `${type}/${to}` });

const clinic = (partOf: string): Resource => ({
  resourceType: 'Organization',
  id: CLINIC,
  name: 'Clinic',
  partOf: reference('Organization', partOf),
});

let server: FhirServer;
let ann: string;
beforeAll(async () => {
  server = await startFhir();
  const { refused } = await server.load([
    { resourceType: 'Organization', id: GROUP, name: 'Group' },
    { resourceType: 'Organization', id: OTHER, name: 'Other group' },
    clinic(GROUP),
    { resourceType: 'Location', id: WARD, name: 'Ward', managingOrganization: reference('Organization', CLINIC) },
    { resourceType: 'PractitionerRole', id: ROLE, location: [reference('Location', WARD)] },
    { resourceType: 'Patient', id: ANN, generalPractitioner: [reference('PractitionerRole', ROLE)] },
  ]);
  expect(refused).toEqual([]);
  ann = await server.token(ANN);
});
afterAll(() => server.close());

/** Returns the names of the entries in their order, and the number of statements that read them. */
async function everything(token: string) {
  const { queryText } = server.db;
  let statements = 0;
  server.db.queryText = (...parameters) => {
    statements += 1;
    return queryText(...parameters);
  };
  try {
    const bundle = (await server.get(token, '/Patient/$everything')).json();
    const entries: string[] = bundle.entry.map(
      ({ resource }: { resource: Resource }) => `${resource.resourceType}/${Number(resource.id?.slice(0, 8))}`,
    );
    return { entries, statements };
  } finally {
    server.db.queryText = queryText;
  }
}

describe('directory resources that refer to each other in Patient/$everything', () => {
  const whole = ['Patient/901', 'PractitionerRole/801', 'Location/802', 'Organization/803', 'Organization/804'];

  it('are read level by level at first, and later with one statement, in the same order', async () => {
    expect(await everything(ann)).toEqual({ entries: whole, statements: 5 });
    expect(await everything(ann)).toEqual({ entries: whole, statements: 2 });
    expect(await everything(await server.token(ANN))).toEqual({ entries: whole, statements: 2 });
  });

  it('are those that the current versions refer to', async () => {
    await everything(ann);
    await server.load([clinic(OTHER)]);
    const changed = [...whole.slice(0, -1), 'Organization/805'];
    expect((await everything(ann)).entries).toEqual(changed);
    expect(await everything(ann)).toEqual({ entries: changed, statements: 2 });
    await server.load([clinic(GROUP)]);
    expect((await everything(ann)).entries).toEqual(whole);
  });

  it('are left out if the scopes allow no type between, although another app has read them', async () => {
    await everything(ann);
    const token = await server.token(ANN, {
      scope: 'patient/Patient.rs patient/PractitionerRole.rs patient/Organization.rs',
    });
    expect((await everything(token)).entries).toEqual(['Patient/901', 'PractitionerRole/801']);
  });
});
