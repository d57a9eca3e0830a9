import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../../../support/apps/apps.ts';
import { connectApp, DSTU2, getFhir, SANDBOX_PATIENT } from '../../../support/people/patient.ts';
import { startServer, type TestServer } from '../../../support/servers/server.ts';
import type { Node } from '../fixtures/convert.ts';

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  const app = await addApp(server);
  token = (await connectApp(server.app, app, { scope: 'launch/patient patient/*.rs' }, {}, SANDBOX_PATIENT))
    .access_token;
}, 60_000);
afterAll(() => server.close());

interface Page {
  readonly total: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly { readonly resource: Node }[];
}

async function search(query: string): Promise<Page> {
  const answer = await getFhir(server.app, `${DSTU2}/${query}`, token);
  expect(answer.statusCode, `${query} ${answer.body}`).toBe(200);
  return answer.json<Page>();
}
const all = async (type: string) => (await search(`${type}?_count=1000`)).entry?.map(({ resource }) => resource) ?? [];
const first = async (type: string): Promise<Node> => {
  const [one] = await all(type);
  if (one === undefined) throw new Error(`there is no ${type}`);
  return one;
};
const total = async (query: string): Promise<number> => (await search(query)).total;
/** Returns the query of the self link, which leaves out parameters that the server ignores. */
const understood = async (query: string): Promise<string> => {
  const { link } = await search(query);
  return decodeURIComponent(link[0]?.url.split('?')[1] ?? '');
};

describe('Argonaut Data Query 1.0, Patient: by name and gender, by name and birth date', () => {
  const patient = async () => {
    const one = await first('Patient');
    const [name] = one['name'] as { family: string[]; given: string[] }[];
    return { family: name?.family[0] ?? '', given: name?.given[0] ?? '', ...one } as Readonly<Record<string, string>>;
  };

  it('finds patients with that name', async () => {
    const { family, given, gender, birthDate } = await patient();
    for (const query of [
      `name=${family}&gender=${gender}`,
      `name=${given}&birthdate=${birthDate}`,
      `family=${family}&given=${given}&gender=${gender}`,
      `family=${family}&given=${given}&birthdate=${birthDate}`,
    ]) {
      expect(await total(`Patient?${query}`), query).toBe(1);
      expect(await understood(`Patient?${query}`)).toBe(query);
    }
  });

  it.each(['name', 'family', 'given', 'phonetic', 'address', 'address-city'])(
    'finds no patient with another %s',
    async (name) => {
      expect(await total(`Patient?${name}=Nobody-is-called-that`)).toBe(0);
    },
  );

  it('finds race and ethnicity by the code system in the response, and by the CDC’s', async () => {
    const one = await first('Patient');
    const shown = [
      ...JSON.stringify(one).matchAll(/"system":"http:\/\/hl7.org\/fhir\/v3\/(Race|Ethnicity)","code":"([^"]+)"/g),
    ];
    expect(shown.length).toBeGreaterThan(1);
    for (const [, kind = '', code] of shown) {
      for (const system of [`http://hl7.org/fhir/v3/${kind}`, 'urn:oid:2.16.840.1.113883.6.238'])
        expect(await total(`Patient?${kind.toLowerCase()}=${system}|${code}`), `${kind} ${system}`).toBe(1);
      expect(await total(`Patient?${kind.toLowerCase()}=http://hl7.org/fhir/v3/${kind}|0000-0`)).toBe(0);
    }
  });
});

describe('Argonaut Data Query 1.0, Goal: by date', () => {
  it('finds a goal by its start date and by its target date', async () => {
    const goals = await all('Goal');
    const dates = goals.flatMap((goal) => [goal['startDate'], goal['targetDate']]).filter((one) => one !== undefined);
    expect(goals.some((goal) => goal['targetDate'] !== undefined)).toBe(true);
    for (const date of dates) {
      const found = (await search(`Goal?date=${date}`)).entry?.map(({ resource }) => resource['id']) ?? [];
      const meant = goals.filter((goal) => goal['startDate'] === date || goal['targetDate'] === date);
      expect(found.toSorted(), String(date)).toEqual(meant.map(({ id }) => id).toSorted());
    }
  });
});

describe('FHIR DSTU2, searches for measurements', () => {
  it('finds a value, and a code together with its value', async () => {
    const measured = (await all('Observation')).filter((one) => 'valueQuantity' in one);
    const { valueQuantity, code: what } = measured[0] as Readonly<Record<string, unknown>>;
    const { value, unit } = valueQuantity as { value: number; unit: string };
    const { coding } = what as { coding: { system: string; code: string }[] };
    const code = `${coding[0]?.system}|${coding[0]?.code}`;
    const same = measured.filter((one) => (one['valueQuantity'] as { value: number }).value === value);
    expect(await total(`Observation?value-quantity=${value}||${unit}`)).toBeGreaterThan(0);
    expect(await total(`Observation?value-quantity=gt${value}&code=${code}`)).toBe(
      await total(`Observation?code-value-quantity=${encodeURIComponent(`${code}$gt${value}`)}`),
    );
    expect(
      await total(`Observation?code-value-quantity=${encodeURIComponent(`${code}$${value}`)}`),
    ).toBeLessThanOrEqual(same.length);
    expect(await total(`Observation?code-value-quantity=${encodeURIComponent('http://loinc.org|0-0$1')}`)).toBe(0);
  });

  it('finds a blood pressure by one of its components', async () => {
    const high = await total(
      `Observation?component-code-value-quantity=${encodeURIComponent('http://loinc.org|8480-6$gt1')}`,
    );
    const none = await total(
      `Observation?component-code-value-quantity=${encodeURIComponent('http://loinc.org|8480-6$gt999')}`,
    );
    expect(high).toBeGreaterThan(0);
    expect(none).toBe(0);
  });
});

describe('a type that has another name in DSTU2', () => {
  it.each([
    ['CareTeam', 'CarePlan'],
    ['MedicationRequest', 'MedicationOrder, MedicationStatement'],
    ['practitionerrole', 'Practitioner'],
    ['ServiceRequest', 'DiagnosticOrder, ProcedureRequest, ReferralRequest'],
  ])('%s is rejected with its name in DSTU2: %s', async (type, names) => {
    const answer = await getFhir(server.app, `${DSTU2}/${type}`, token);
    expect(answer.statusCode).toBe(404);
    expect(answer.json().issue[0].details.text).toMatch(new RegExp(`Its data is available as ${names}\\.$`));
  });

  it.each(['Coverage', 'Nonsense'])('%s has no counterpart', async (type) => {
    const answer = await getFhir(server.app, `${DSTU2}/${type}`, token);
    expect(answer.statusCode).toBe(404);
    expect(answer.json().issue[0].details.text).not.toContain('Its data is available as');
  });
});
