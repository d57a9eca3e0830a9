import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB] = [id(901), id(902)];
const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const ACT = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const OWN_SET = 'http://practice.example/ValueSet/sugars';

const coded = (code: string, system = 'http://loinc.org') => ({ coding: [{ system, code }] });
const subject = { reference: `Patient/${ANN}` };
const typed = (code: string, value: string, system = V2) => ({ type: coded(code, system), system: 'urn:mrn', value });
const observation = (number: number, code: object, more: object = {}): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code,
  subject,
  ...more,
});
const condition = (number: number, status: string): Resource => ({
  resourceType: 'Condition',
  id: id(number),
  clinicalStatus: coded(status, CLINICAL),
  code: coded('x'),
  subject,
});
const valueSet = (number: number, url: string, more: object): Resource => ({
  resourceType: 'ValueSet',
  id: id(number),
  status: 'active',
  url,
  ...more,
});

const SETS: readonly Resource[] = [
  valueSet(301, OWN_SET, {
    version: '2',
    compose: { include: [{ system: 'http://loinc.org', concept: [{ code: '2345-7' }, { code: '2339-0' }] }] },
  }),
  valueSet(302, 'http://practice.example/ValueSet/all-of-loinc', {
    compose: { include: [{ system: 'http://loinc.org' }] },
  }),
  valueSet(303, 'http://practice.example/ValueSet/round', {
    compose: { include: [{ valueSet: ['http://practice.example/ValueSet/round'] }] },
  }),
];

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  const { refused } = await server.load([
    {
      resourceType: 'Patient',
      id: ANN,
      name: [{ family: 'Ann' }],
      identifier: [typed('MR', '446053'), typed('DL', '446-053')],
      generalPractitioner: [{ identifier: { system: 'urn:npi', value: '1234' }, display: 'Dr. House' }],
    },
    observation(1, coded('2345-7'), {
      subject: { ...subject, identifier: { system: 'urn:mrn', value: '446053' } },
      performer: [{ identifier: { system: 'urn:npi', value: '1234' }, type: 'Practitioner' }],
      meta: { profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab|6.1.0'] },
    }),
    observation(2, coded('2339-0'), { meta: { profile: ['http://hl7.org/fhir/StructureDefinition/vitalsigns'] } }),
    observation(3, coded('8480-6'), { meta: { profile: ['urn:oid:1.2.3', 'http://hl7.org/fhirsome/other'] } }),
    observation(
      4,
      { text: 'no code' },
      { interpretation: [coded('HH', 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation')] },
    ),
    condition(11, 'active'),
    condition(12, 'recurrence'),
    condition(13, 'remission'),
    condition(14, 'resolved'),
    {
      resourceType: 'Encounter',
      id: id(101),
      status: 'finished',
      class: { system: ACT, code: 'AMB' },
      subject: { identifier: { system: 'urn:mrn', value: '446053' }, ...subject },
    },
    {
      resourceType: 'Provenance',
      id: id(401),
      recorded: '2024-01-01T00:00:00Z',
      target: [{ reference: `Observation/${id(1)}`, identifier: { system: 'urn:t', value: 'secret' } }],
      agent: [{ who: { identifier: { value: 'x' } } }],
    },
    ...SETS,
  ]);
  expect(refused).toEqual([]);
  await server.load([{ resourceType: 'Patient', id: BOB, identifier: [typed('MR', '446053')] }]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

const ask = (path: string, as = token) => server.get(as, `/${path}`, { prefer: 'handling=strict' });
async function found(path: string, as = token): Promise<readonly number[]> {
  const answer = await ask(path, as);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json();
  expect(total).toBe(entry.length);
  return entry
    .map((one: { resource: Resource }) => Number(one.resource.id?.slice(0, 8)))
    .sort((a: number, b: number) => a - b);
}
const criterion = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`;
async function expectRejected(path: string): Promise<void> {
  const { statusCode, body } = await ask(path);
  expect({ statusCode, code: JSON.parse(body).issue?.[0].details.coding[0].code }, path).toEqual({
    statusCode: 400,
    code: 'search-invalid',
  });
}

describe(':missing on the parameters that every resource has (FHIR R4 search §3.1.1.4.4)', () => {
  it.each([
    ['Condition', '_id'],
    ['Condition', '_lastUpdated'],
    ['Condition', 'patient'],
    ['Condition', 'subject'],
    ['Provenance', 'patient'],
  ])('%s?%s:missing', async (type, name) => {
    const all = await found(type);
    expect(all.length).toBeGreaterThan(0);
    expect(await found(`${type}?${name}:missing=false`)).toEqual(all);
    expect(await found(`${type}?${name}:missing=true`)).toEqual([]);
    await expectRejected(`${type}?${name}:missing=perhaps`);
    await expectRejected(`${type}?${name}:missing=true,false`);
  });

  it('gives no access to another record', async () => {
    expect(await found('Patient?_id:missing=false', await server.token(BOB))).toEqual([902]);
    expect(await found('Condition?patient:missing=false', await server.token(BOB))).toEqual([]);
  });
});

describe(':identifier on references (FHIR R4 search §3.1.1.4.12)', () => {
  it.each([
    ['Observation', 'subject:identifier', 'urn:mrn|446053', [1]],
    ['Observation', 'patient:identifier', '446053', [1]],
    ['Observation', 'subject:identifier', 'urn:mrn|', [1]],
    ['Observation', 'subject:identifier', '|446053', []],
    ['Observation', 'subject:identifier', 'urn:mrn|446', []],
    ['Observation', 'performer:identifier', 'urn:npi|1234', [1]],
    ['Observation', 'performer:identifier', 'urn:none|1,urn:npi|1234', [1]],
    ['Observation', 'performer:identifier', 'urn:mrn|446053', []],
    ['Encounter', 'subject:identifier', 'urn:mrn|446053', [101]],
    ['Patient', 'general-practitioner:identifier', '1234', [901]],
  ] as const)('%s?%s=%s', async (type, name, value, expected) => {
    expect(await found(`${type}?${criterion(name, value)}`)).toEqual(expected);
  });

  it('can’t name another patient, or reveal a target of Provenance', async () => {
    expect(await found('Observation?subject:identifier=somebody-else')).toEqual([]);
    for (const name of ['target', 'patient', 'agent']) await expectRejected(`Provenance?${name}:identifier=secret`);
    await expectRejected('Observation?code:identifier=x');
  });
});

describe(':of-type on identifiers (FHIR R4 search §3.1.1.4.10)', () => {
  it.each([
    [`${V2}|MR|446053`, [901]],
    [`${V2}|mr|446053`, [901]],
    [`${V2}|DL|446-053`, [901]],
    [`${V2}|DL|446053`, []],
    [`urn:other|MR|446053`, []],
    [`${V2}|MR|1,${V2}|DL|446-053`, [901]],
  ] as const)('Patient?identifier:of-type=%s', async (value, expected) => {
    expect(await found(`Patient?${criterion('identifier:of-type', value)}`)).toEqual(expected);
  });

  it.each(['446053', 'MR|446053', '|MR|446053', `${V2}||446053`, `${V2}|MR|`, `${V2}|MR|1|2`, '|||'])(
    'requires all three parts: %s is rejected',
    async (value) => {
      await expectRejected(`Patient?${criterion('identifier:of-type', value)}`);
      await expectRejected('Observation?code:of-type=a%7Cb%7Cc');
    },
  );
});

describe(':below and :above (FHIR R4 search §3.1.1.4.13, §3.1.1.4.10)', () => {
  it.each([
    ['_profile:below', 'http://hl7.org/fhir', [1, 2]],
    ['_profile:below', 'http://hl7.org/fhir/', [1, 2]],
    ['_profile:below', 'http://hl7.org/fhir/us/core', [1]],
    ['_profile:below', 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab', [1]],
    ['_profile:below', 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation', []],
    ['_profile:below', 'http://hl7.org', [1, 2, 3]],
    ['_profile:below', 'http:', []],
    ['_profile:below', 'urn:oid:1.2', []],
    ['_profile:below', 'urn:oid:1.2.3,http://hl7.org/fhir/StructureDefinition', [2, 3]],
    ['_profile:above', 'http://hl7.org/fhir/StructureDefinition/vitalsigns/deeper/x', [2]],
    ['_profile:above', 'http://hl7.org/fhir/StructureDefinition/vitalsigns', [2]],
    ['_profile:above', 'http://hl7.org/fhir/StructureDefinition/vital', []],
    ['_profile:above', 'urn:oid:1.2.3', [3]],
  ] as const)('Observation?%s=%s', async (name, value, expected) => {
    expect(await found(`Observation?${criterion(name, value)}`)).toEqual(expected);
  });

  it('ValueSet?url:below=…, in the directory', async () => {
    expect(await found(`ValueSet?${criterion('url:below', 'http://practice.example')}`)).toEqual([301, 302, 303]);
    expect(await found(`ValueSet?${criterion('url:below', 'http://practice.example/ValueSet/sugars')}`)).toEqual([301]);
  });

  it.each([
    ['clinical-status:below', `${CLINICAL}|active`, [11, 12]],
    ['clinical-status:below', `${CLINICAL}|Inactive`, [13, 14]],
    ['clinical-status:below', `${CLINICAL}|resolved`, [14]],
    ['clinical-status:above', `${CLINICAL}|recurrence`, [11, 12]],
    ['clinical-status:above', `${CLINICAL}|active`, [11]],
  ] as const)('Condition?%s=%s, by R4’s own code systems', async (name, value, expected) => {
    expect(await found(`Condition?${criterion(name, value)}`)).toEqual(expected);
  });

  it('rejects unknown codes and doesn’t ignore them', async () => {
    await expectRejected(`Observation?${criterion('code:below', 'http://loinc.org|LP29693-6')}`);
    await expectRejected(`Observation?${criterion('code:below', 'http://snomed.info/sct|404684003')}`);
    await expectRejected(`Condition?${criterion('clinical-status:below', `${CLINICAL}|none`)}`);
    await expectRejected('Condition?clinical-status:below=active');
    await expectRejected('Observation?value-string:below=x');
    await expectRejected('Observation?date:above=2024');
  });
});

describe(':in and :not-in (FHIR R4 search §3.1.1.4.10)', () => {
  it.each([
    ['Observation', 'code:in', OWN_SET, [1, 2]],
    ['Observation', 'code:in', `${OWN_SET}|2`, [1, 2]],
    ['Observation', 'code:in', `ValueSet/${id(301)}`, [1, 2]],
    ['Observation', 'code:not-in', OWN_SET, [3, 4]],
    ['Observation', 'combo-code:in', OWN_SET, [1, 2]],
    ['Observation', 'status:in', 'http://hl7.org/fhir/ValueSet/observation-status', [1, 2, 3, 4]],
    ['Observation', 'status:not-in', 'http://hl7.org/fhir/ValueSet/observation-status', []],
    ['Condition', 'clinical-status:in', 'http://hl7.org/fhir/ValueSet/condition-clinical', [11, 12, 13, 14]],
    ['Encounter', 'class:in', 'http://terminology.hl7.org/ValueSet/v3-ActEncounterCode', [101]],
    ['Encounter', 'class:not-in', 'http://terminology.hl7.org/ValueSet/v3-ActEncounterCode', []],
    ['Encounter', 'class:in', `${OWN_SET},http://terminology.hl7.org/ValueSet/v3-ActEncounterCode`, [101]],
    ['Patient', '_has:Observation:patient:code:in', OWN_SET, [901]],
  ] as const)('%s?%s=%s', async (type, name, value, expected) => {
    expect(await found(`${type}?${criterion(name, value)}`)).toEqual(expected);
  });

  it('reject an unknown value set, or one whose codes are not all known', async () => {
    await expectRejected(`Observation?${criterion('code:in', 'http://example.org/none')}`);
    await expectRejected(`Observation?${criterion('code:in', `${OWN_SET}|1`)}`);
    await expectRejected(`Observation?${criterion('code:in', `ValueSet/${id(999)}`)}`);
    await expectRejected(`Observation?${criterion('date:in', OWN_SET)}`);
    await expectRejected(
      `Observation?${criterion('code:in', ['a', 'b', 'c', 'd', 'e', 'f'].map((one) => `urn:${one}`).join(','))}`,
    );
    for (const url of ['http://practice.example/ValueSet/all-of-loinc', 'http://practice.example/ValueSet/round']) {
      const { statusCode, body } = await ask(`Observation?${criterion('code:in', url)}`);
      expect({ statusCode, code: JSON.parse(body).issue[0].code }).toEqual({ statusCode: 422, code: 'not-supported' });
    }
  });

  it('need access to value sets: 403 before any search', async () => {
    const narrow = await server.token(ANN, { scope: 'patient/Observation.rs' });
    for (const url of [OWN_SET, 'http://example.org/none'])
      expect((await ask(`Observation?${criterion('code:in', url)}`, narrow)).statusCode).toBe(403);
    const other = await server.token(ANN, { scope: 'patient/ValueSet.rs' });
    expect((await ask(`Observation?${criterion('code:in', OWN_SET)}`, other)).statusCode).toBe(403);
  });

  it('leave no search value in the audit log', async () => {
    await found(`Observation?${criterion('code:in', OWN_SET)}`);
    await found(`Observation?${criterion('subject:identifier', 'urn:mrn|446053')}`);
    await found(`Observation?${criterion('performer:identifier', 'urn:npi|1234')}`);
    const texts = JSON.stringify(server.disclosures);
    expect(texts).toContain('"code:in"');
    expect(texts).not.toMatch(/practice\.example|446053|urn:npi/);
  });
});

describe('_sort (FHIR R4 search §3.1.1.5.1)', () => {
  const order = async (path: string) =>
    (await ask(path)).json().entry.map(({ resource }: { resource: Resource }) => Number(resource.id?.slice(0, 8)));
  it('by _id, in either direction, page by page', async () => {
    expect(await order('Condition?_sort=_id')).toEqual([11, 12, 13, 14]);
    expect(await order('Condition?_sort=-_id')).toEqual([14, 13, 12, 11]);
    const seen: number[] = [];
    for (let next: string | undefined = 'Condition?_sort=_id&_count=1'; next !== undefined; ) {
      const page: { entry: { resource: Resource }[]; link: { relation: string; url: string }[] } = (
        await ask(next)
      ).json();
      seen.push(...page.entry.map(({ resource }) => Number(resource.id?.slice(0, 8))));
      const url = page.link.find(({ relation }) => relation === 'next')?.url;
      next = url?.slice(url.indexOf('Condition'));
    }
    expect(seen).toEqual([11, 12, 13, 14]);
  });

  it('uses the first of several keys, and the link says so; several are rejected with strict handling', async () => {
    const lenient = await server.get(token, '/Condition?_sort=-_id,recorded-date');
    expect(lenient.json().link[0].url).toMatch(/_sort=-_id$/);
    expect((await ask('Condition?_sort=-_id,recorded-date')).statusCode).toBe(400);
    expect((await ask('Condition?_sort=code')).statusCode).toBe(400);
  });
});

describe('hostile values of modifiers', () => {
  const TEXTS = [
    '\0',
    '\ufffd',
    '💉',
    '%',
    "'; drop table resource; --",
    '/'.repeat(3000),
    'http://a'.concat('/x'.repeat(3000)),
    '|',
    '||',
    '|||',
    ',',
    '\\',
    '$',
    '[]',
  ];
  it.each([
    'Observation?subject:identifier',
    'Patient?identifier:of-type',
    'Observation?_profile:below',
    'Observation?_profile:above',
    'Observation?code:in',
    'Observation?code:not-in',
    'Condition?clinical-status:below',
    'Condition?clinical-status:above',
  ])('%s never causes a server error', async (name) => {
    for (const text of TEXTS) {
      const { statusCode } = await ask(criterion(name, text));
      expect(statusCode < 500, `${name} ${text.slice(0, 20)}`).toBe(true);
    }
    const many = Array.from({ length: 3000 }, (_, at) => `http://x.example/${at}`).join(',');
    const post = await server.app.inject({
      method: 'POST',
      url: `/api/fhir/r4/${name.replace('?', '/_search?').split('?')[0]}`,
      payload: criterion(name.split('?')[1] ?? '', many),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(post.statusCode).toBeLessThan(500);
  });
});
