import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB] = [id(901), id(902)];
const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const SNOMED = 'http://snomed.info/sct';

const coded = (code: string, system = LOINC) => ({ coding: [{ system, code }] });
const quantity = (value: number, code = 'mm[Hg]') => ({ value, unit: code, system: UCUM, code });
const observation = (number: number, more: object, subject = ANN): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: coded('2345-7'),
  subject: { reference: `Patient/${subject}` },
  ...more,
});
const bloodPressure = (number: number, systolic: number, diastolic: number, subject = ANN) =>
  observation(
    number,
    {
      code: coded('85354-9'),
      component: [
        { code: coded('8480-6'), valueQuantity: quantity(systolic) },
        {
          code: { coding: [...coded('8462-4').coding, { system: 'urn:own', code: 'DIA$|,X' }] },
          valueQuantity: quantity(diastolic),
        },
      ],
    },
    subject,
  );
const document = (number: number, relatesTo: readonly object[]): Resource => ({
  resourceType: 'DocumentReference',
  id: id(number),
  status: 'current',
  subject: { reference: `Patient/${ANN}` },
  content: [{ attachment: { contentType: 'text/plain', data: 'eA==' } }],
  ...(relatesTo.length === 0 ? {} : { relatesTo }),
});
const useContext = (code: string, value: object) => ({ code: { system: 'urn:context', code }, ...value });

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  const { refused } = await server.load([
    { resourceType: 'Patient', id: ANN, name: [{ family: 'Ann' }] },
    bloodPressure(1, 120, 80),
    bloodPressure(2, 150, 95),
    observation(3, { valueQuantity: quantity(150, 'mg/dL') }),
    observation(4, { valueQuantity: quantity(90, 'mg/dL') }),
    observation(5, { code: coded('882-1'), valueCodeableConcept: coded('112144000', SNOMED) }),
    observation(6, {
      code: coded('panel'),
      component: [
        { code: coded('a'), valueCodeableConcept: coded('yes', 'urn:answers') },
        { code: coded('b'), valueCodeableConcept: coded('no', 'urn:answers') },
      ],
    }),
    observation(7, { code: coded('due'), valueDateTime: '2024-05-06' }),
    observation(8, { code: coded('text'), valueString: 'Größe A$B, x|y' }),
    // A component without both parts can't match.
    observation(9, {
      component: [{ code: coded('8480-6') }, { valueQuantity: quantity(300) }, { code: 7, valueQuantity: 1 }],
    }),
    document(101, []),
    document(102, [
      { code: 'replaces', target: { reference: `DocumentReference/${id(101)}` } },
      { code: 'appends', target: { reference: `DocumentReference/${id(103)}` } },
    ]),
    document(103, []),
    {
      resourceType: 'Questionnaire',
      id: id(201),
      status: 'active',
      url: 'http://example.org/q',
      useContext: [
        useContext('age', { valueRange: { low: quantity(18, 'a'), high: quantity(65, 'a') } }),
        useContext('focus', { valueCodeableConcept: coded('44054006', SNOMED) }),
      ],
    },
  ]);
  expect(refused).toEqual([]);
  await server.load([{ resourceType: 'Patient', id: BOB, name: [{ family: 'Bob' }] }, bloodPressure(51, 150, 95, BOB)]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

const ask = (query: string, as = token) => server.get(as, `/${query}`, { prefer: 'handling=strict' });
async function found(query: string, as = token): Promise<readonly number[]> {
  const answer = await ask(query, as);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json();
  expect(total).toBe(entry.length);
  return entry
    .map((one: { resource: Resource }) => Number(one.resource.id?.slice(0, 8)))
    .sort((a: number, b: number) => a - b);
}
const query = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`;

describe('composite parameters (FHIR R4 search §3.1.1.4.14)', () => {
  it.each([
    // 8480-6 (systolic) and 150 must be in the same component. Values of two components don't match.
    ['component-code-value-quantity', '8480-6$150', [2]],
    ['component-code-value-quantity', '8480-6$80', []],
    ['component-code-value-quantity', '8480-6$95', []],
    ['component-code-value-quantity', '8462-4$gt90', [2]],
    ['component-code-value-quantity', `${LOINC}|8480-6$ge120|${UCUM}|mm[Hg]`, [1, 2]],
    ['component-code-value-quantity', `${LOINC}|8480-6$ge120||mm[Hg]`, [1, 2]],
    ['component-code-value-quantity', `${LOINC}|8480-6$ge120|${UCUM}|kPa`, []],
    ['component-code-value-quantity', `${SNOMED}|8480-6$ge120`, []],
    ['component-code-value-quantity', `${LOINC}|$lt85`, [1]],
    ['component-code-value-quantity', '|8480-6$ge120', []],
    ['component-code-value-quantity', '8480-6$lt100,8462-4$lt85', [1]],
    ['component-code-value-quantity', '8480-6$300', []],
    ['component-code-value-quantity', '8480-6$ne120', [2]],
    ['component-code-value-quantity', '8480-6$ap148', [2]],
    ['component-code-value-quantity', '2345-7$150', []],
    ['component-code-value-concept', 'a$yes', [6]],
    ['component-code-value-concept', 'a$no', []],
    ['component-code-value-concept', 'A$YES', [6]],
    ['component-code-value-concept', `${LOINC}|b$urn:answers|no`, [6]],
    ['component-code-value-concept', `${LOINC}|b$urn:other|no`, []],
    ['code-value-quantity', '2345-7$gt100', [3]],
    ['code-value-quantity', '2345-7$gt100,2345-7$lt100', [3, 4]],
    ['code-value-quantity', '8480-6$gt100', []],
    ['code-value-concept', `882-1$${SNOMED}|112144000`, [5]],
    ['code-value-concept', '2345-7$112144000', []],
    ['code-value-date', 'due$2024-05', [7]],
    ['code-value-date', 'due$gt2024-05-06', []],
    ['code-value-string', 'text$grosse', []],
    ['code-value-string', 'text$größe', [8]],
    ['code-value-string', 'due$größe', []],
    ['combo-code-value-quantity', '8480-6$150,2345-7$150', [2, 3]],
    ['combo-code-value-quantity', '85354-9$150', []],
    ['combo-code-value-concept', `882-1$${SNOMED}|,a$yes`, [5, 6]],
  ] as const)('Observation?%s=%s', async (name, value, expected) => {
    expect(await found(`Observation?${query(name, value)}`)).toEqual(expected);
  });

  it.each([
    ['component-code-value-quantity', 'DIA\\$\\|\\,X$80', [1]],
    ['component-code-value-quantity', 'urn:own|dia\\$\\|\\,x$lt90,none$1', [1]],
    ['code-value-string', 'text$größe a\\$b\\, x\\|y', [8]],
  ] as const)('take separators within a value when they are escaped: %s=%s', async (name, value, expected) => {
    expect(await found(`Observation?${query(name, value)}`)).toEqual(expected);
  });

  it.each([
    [`replaces$DocumentReference/${id(101)}`, [102]],
    [`replaces$${id(101).toUpperCase()}`, [102]],
    [`http://hl7.org/fhir/document-relationship-type|appends$${id(103)}`, [102]],
    [`|appends$${id(103)}`, [102]],
    [`urn:other|appends$${id(103)}`, []],
    [`replaces$DocumentReference/${id(103)}`, []],
    [`replaces$Observation/${id(101)}`, []],
  ] as const)('DocumentReference?relationship=%s', async (value, expected) => {
    expect(await found(`DocumentReference?${query('relationship', value)}`)).toEqual(expected);
  });

  it.each([
    ['context-type-quantity', 'age$gt20', [201]],
    ['context-type-quantity', 'age$gt70', []],
    ['context-type-quantity', 'focus$gt20', []],
    ['context-type-value', `focus$${SNOMED}|44054006`, [201]],
    ['context-type-value', 'age$44054006', []],
  ] as const)('in a directory too: Questionnaire?%s=%s', async (name, value, expected) => {
    expect(await found(`Questionnaire?${query(name, value)}`)).toEqual(expected);
  });

  it('are repeated for AND, and combine with other parameters', async () => {
    const both = ['8480-6$gt100', '8462-4$gt90'].map((value) => query('component-code-value-quantity', value));
    expect(await found(`Observation?${both.join('&')}`)).toEqual([2]);
    expect(await found(`Observation?${both.join('&')}&code=2345-7`)).toEqual([]);
  });

  it('find only what a granular scope and a chain allow', async () => {
    const narrow = await server.token(ANN, {
      scope: `patient/Observation.rs?${query('component-code-value-quantity', '8480-6$lt130')}`,
    });
    expect(await found('Observation', narrow)).toEqual([1]);
    expect(await found(`Observation?${query('component-code-value-quantity', '8462-4$gt10')}`, narrow)).toEqual([1]);
    const has = `Patient?_has:Observation:patient:${query('component-code-value-quantity', '8480-6$150')}`;
    expect(await found(has)).toEqual([901]);
    expect(await found(`Patient?_has:Observation:patient:${query('code-value-quantity', 'x$150')}`)).toEqual([]);
  });

  it.each([
    ['component-code-value-quantity', '$'],
    ['component-code-value-quantity', '8480-6'],
    ['component-code-value-quantity', '8480-6$'],
    ['component-code-value-quantity', '$150'],
    ['component-code-value-quantity', '8480-6$150$1'],
    ['component-code-value-quantity', '8480-6\\$150'],
    ['component-code-value-quantity', '8480-6$high'],
    ['component-code-value-quantity', '8480-6$1,$'],
    ['component-code-value-quantity', 'a|b|c$1'],
    ['component-code-value-quantity', '$'.repeat(5000)],
    ['component-code-value-quantity', Array.from({ length: 31 }, (_, at) => `c${at}$1`).join(',')],
    ['value-quantity', Array.from({ length: 201 }, (_, at) => at).join(',')],
    ['combo-code-value-concept', `a$${'|'.repeat(3)}`],
    ['code-value-date', 'due$soon'],
  ])('reject %s=%s', async (name, value) => {
    const { statusCode, body } = await ask(`Observation?${query(name, value)}`);
    expect({ statusCode, code: JSON.parse(body).issue[0].details.coding[0].code }).toEqual({
      statusCode: 400,
      code: 'search-invalid',
    });
  });

  it.each(['missing', 'not', 'text', 'exact', 'in', 'below', 'identifier'])(
    'don’t support the modifier :%s',
    async (modifier) => {
      expect((await ask(`Observation?code-value-quantity:${modifier}=2345-7$1`)).statusCode).toBe(400);
    },
  );

  it('take as many alternatives as allowed, and text of any kind', async () => {
    const many = (from: number) => Array.from({ length: 30 }, (_, at) => `c${from + at}$ge${at}|${UCUM}|mg`).join(',');
    expect(await found(`Observation?${query('combo-code-value-quantity', many(0))}`)).toEqual([]);
    const more = [0, 30, 60].map((from) => query('component-code-value-quantity', many(from))).join('&');
    expect((await ask(`Observation?${more}`)).statusCode).toBe(400);
    for (const text of ['\0', '\ufffd', '💉', '%', "'; drop table resource; --", 'x'.repeat(4000), '\\', '{}', '"'])
      for (const value of [`${text}$1`, `8480-6$1||${text}`, `${text}|${text}$1|${text}|${text}`]) {
        const { statusCode } = await ask(`Observation?${query('component-code-value-quantity', value)}`);
        expect(statusCode < 500, value).toBe(true);
      }
  });
});
