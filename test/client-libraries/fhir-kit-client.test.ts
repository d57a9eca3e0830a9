import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { startReachableServer } from '../support/browser/browser.ts';
import { connectApp } from '../support/people/patient.ts';
import type { TestServer } from '../support/servers/server.ts';

interface Bundle {
  readonly total?: number;
  readonly entry?: readonly { readonly resource: { readonly id: string } }[];
}

let server: TestServer & { origin: string };
beforeAll(async () => {
  server = await startReachableServer();
});
afterAll(() => server.close());

describe.each([
  ['R4', '/nge/prod/fhir-api-r4/fhir/r4', 'MedicationRequest'],
  ['DSTU2', '/nge/prod/fhir-api/fhir/dstu2', 'MedicationOrder'],
])('fhir-kit-client over %s', (_, path, medication) => {
  it('finds the endpoints, reads, searches and follows pages to the last', async () => {
    const baseUrl = `${server.origin}${path}`;
    const token = await connectApp(server.app, await addApp(server));
    const client = new Client({ baseUrl, bearerToken: token.access_token });
    const { authorizeUrl, tokenUrl } = await client.smartAuthMetadata();
    expect({ authorizeUrl: String(authorizeUrl), tokenUrl: String(tokenUrl) }).toEqual({
      authorizeUrl: `${server.origin}/nge/prod/patient-oauth/authorize`,
      tokenUrl: `${server.origin}/nge/prod/patient-oauth/token`,
    });
    const patient = await client.read({ resourceType: 'Patient', id: token.patient });
    expect(patient['id']).toBe(token.patient);
    expect(
      (await client.search({ resourceType: medication, searchParams: { patient: token.patient } }))['total'],
    ).toBeGreaterThan(0);

    let page = (await client.search({
      resourceType: 'Observation',
      searchParams: { patient: token.patient, _count: 20 },
    })) as Bundle | undefined;
    const total = page?.total;
    const ids = new Set<string>();
    while (page !== undefined) {
      for (const { resource } of page.entry ?? []) ids.add(resource.id);
      page = (await client.nextPage({ bundle: page as never })) as Bundle | undefined;
    }
    expect(total).toBeGreaterThan(20);
    expect(ids.size).toBe(total);
  });
});
