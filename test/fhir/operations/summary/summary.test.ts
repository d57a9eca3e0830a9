import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalXhtml } from '../../../../src/fhir/model/xml/xhtml.ts';
import { BASE } from '../../../support/fhir/fhir-server.ts';
import { ANN, BOB, condition, id, resourceAbout } from './chart.ts';
import { documentProblems, findSection, readComposition, sectionResources } from './document.ts';
import { type SummaryServer, startSummaryServer } from './summary-server.ts';

let served: SummaryServer;
beforeAll(async () => {
  served = await startSummaryServer();
});
afterAll(() => served.server.close());

describe('$summary (IPS 2.0.0, OperationDefinition summary)', () => {
  it('is a self-contained document', async () => {
    const made = await served.summary();
    expect(documentProblems(made)).toEqual([]);
    const composition = readComposition(made);
    expect(composition).toMatchObject({
      status: 'final',
      language: 'en-US',
      type: { coding: [{ system: 'http://loinc.org', code: '60591-5' }] },
      subject: { reference: `${BASE}/Patient/${ANN}` },
      date: served.server.clock.now().toISOString(),
      custodian: { reference: `${BASE}/Organization/${id(801)}` },
    });
    expect(composition).not.toHaveProperty('attester');
    const [practice, software] = composition.author.map(
      ({ reference }) => made.entry.find(({ fullUrl }) => fullUrl === reference)?.resource,
    );
    expect({ name: practice?.['name'], resourceType: software?.resourceType }).toEqual({
      name: 'Practice One',
      resourceType: 'Device',
    });
    expect(made.meta?.profile).toEqual(['http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips']);
  });

  it('has current entries, the latest of each kind, and a section for past ones', async () => {
    const made = await served.summary();
    const entriesBySection = Object.fromEntries(
      readComposition(made).section.map(({ code }) => [
        code.coding[0]?.code,
        sectionResources(made, code.coding[0]?.code ?? ''),
      ]),
    );
    expect({ ...entriesBySection, '46264-8': entriesBySection['46264-8']?.length }).toEqual({
      '11450-4': ['Condition/1', 'Condition/5'],
      '48765-2': ['AllergyIntolerance/10'],
      '10160-0': ['MedicationRequest/20'],
      '11369-6': ['Immunization/30'],
      '30954-2': ['Observation/41'],
      '47519-4': ['Procedure/70'],
      '46264-8': 1,
      '11348-0': ['Condition/2'],
      '10162-6': ['Observation/46'],
      '29762-2': ['Observation/44'],
      '8716-3': ['Observation/43'],
    });
    const use = made.entry.find(({ resource }) => resource.resourceType === 'DeviceUseStatement')?.resource;
    expect(use).toMatchObject({ status: 'active', device: { reference: `${BASE}/Device/${id(60)}` } });
  });

  it('includes the resources it refers to, and no URL of those that it leaves out', async () => {
    const made = await served.summary();
    const types = made.entry.map(({ resource }) => resource.resourceType);
    expect(types.filter((type) => type === 'Organization')).toHaveLength(2);
    expect(types).toEqual(expect.arrayContaining(['Medication', 'Practitioner']));
    expect(types).not.toContain('Encounter');
    const problem = made.entry.find(({ fullUrl }) => fullUrl.endsWith(`Condition/${id(1)}`))?.resource;
    expect(problem).toMatchObject({
      encounter: { display: 'Not part of this summary' },
      meta: { tag: [{ code: 'SUBSETTED' }] },
    });
    const result = made.entry.find(({ fullUrl }) => fullUrl.endsWith(`Observation/${id(41)}`))?.resource;
    expect(result?.['meta'] ?? {}).not.toHaveProperty('tag');
    expect(result).toHaveProperty('text');
  });

  it('has nothing of another record, whatever refers to it, and no narrative that covers left-out resources', async () => {
    const made = await served.summary();
    const vital = made.entry.find(({ fullUrl }) => fullUrl.endsWith(`Observation/${id(43)}`))?.resource;
    expect(vital).toMatchObject({ hasMember: [{ display: 'Not part of this summary' }] });
    expect(vital).not.toHaveProperty('text');
    expect(JSON.stringify(made)).not.toContain(id(91));
  });

  it('includes medication statements, reports, care plans and advance directives', async () => {
    const made = await served.summary(await served.server.token(BOB), `/Patient/${BOB}/$summary`);
    expect(documentProblems(made)).toEqual([]);
    expect(sectionResources(made, '10160-0')).toEqual(['MedicationStatement/96']);
    expect(sectionResources(made, '30954-2')).toEqual(['DiagnosticReport/92']);
    expect(findSection(made, '30954-2')?.text.div).toContain('<td>Chest X-ray</td><td>Clear</td>');
    expect(sectionResources(made, '18776-5')).toEqual(['CarePlan/94']);
    expect(sectionResources(made, '42348-3')).toEqual(['DocumentReference/97']);
    const types = made.entry.map(({ resource }) => resource.resourceType);
    expect(types).toContain('Goal');
    const use = made.entry.find(({ resource }) => resource.resourceType === 'DeviceUseStatement')?.resource;
    expect(use).not.toHaveProperty('status');
    expect(use).toHaveProperty('_status.extension');
  });

  it('uses encounter diagnoses if there is no problem list', async () => {
    const visits = [1, 2].map((one) => condition(960 + one, 'Asthma', 'active', 'encounter-diagnosis'));
    const [DAN] = [id(904)];
    await served.server.load([
      { resourceType: 'Patient', id: DAN },
      ...visits.map((one) => ({ ...one, subject: { reference: `Patient/${DAN}` } })),
    ]);
    expect(
      sectionResources(await served.summary(await served.server.token(DAN), `/Patient/${DAN}/$summary`), '11450-4'),
    ).toHaveLength(1);
  });

  it('says when a section is truncated', async () => {
    const many = Array.from({ length: 205 }, (_, i) =>
      resourceAbout('AllergyIntolerance', 1000 + i, { code: { text: `Dust ${i}` } }, BOB),
    );
    const few = await served.summary(await served.server.token(BOB), `/Patient/${BOB}/$summary`);
    await served.server.load(many);
    const made = await served.summary(await served.server.token(BOB), `/Patient/${BOB}/$summary`);
    expect(findSection(few, '48765-2')?.entry).toBeUndefined();
    expect(findSection(made, '48765-2')?.entry).toHaveLength(200);
    expect(findSection(made, '48765-2')?.text.div).toContain('The record has other allergies and intolerances');
    expect(findSection(await served.summary(), '48765-2')?.text.div).not.toContain('The record has other');
  });

  it('has readable text: the name of a referenced medication, and values as written', async () => {
    const made = await served.summary();
    expect(findSection(made, '10160-0')?.text.div).toContain(
      '<td>Lisinopril 10 mg</td><td>One a day</td><td>active</td>',
    );
    expect(findSection(made, '48765-2')?.text.div).toContain('<td>Penicillin</td><td>Hives</td><td>severe</td>');
    expect(findSection(made, '30954-2')?.text.div).toContain('<td>4548-4</td><td>5.5 %</td><td>2026-01-01</td>');
  });

  it('has no markup from sources in its narrative', async () => {
    const div = findSection(await served.summary(), '11450-4')?.text.div ?? '';
    expect(div).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(canonicalXhtml(div)).toBe(div);
    const tags = [...new Set(div.match(/<[^>]*>/g))].filter((tag) => !tag.startsWith('</'));
    expect(tags).toEqual([
      '<div xmlns="http://www.w3.org/1999/xhtml" lang="en-US" xml:lang="en-US">',
      '<table>',
      '<thead>',
      '<tr>',
      '<th>',
      '<tbody>',
      '<td>',
    ]);
  });

  it('works without the id, by POST, and with parameters in any order', async () => {
    const byContext = await served.summary(served.token, '/Patient/$summary');
    expect(readComposition(byContext)['subject']).toEqual({ reference: `${BASE}/Patient/${ANN}` });
    expect(documentProblems(await served.summary(served.token, '/Patient/$summary?identifier=urn:mrn%7CA-1'))).toEqual(
      [],
    );
    const answer = await served.server.app.inject({
      method: 'POST',
      url: `/api/fhir/r4/Patient/${ANN}/$summary`,
      payload: 'profile=http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips%7C2.0.0',
      headers: { authorization: `Bearer ${served.token}`, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(documentProblems(answer.json())).toEqual([]);
  });

  it('is a new document each time', async () => {
    const [one, other] = [await served.summary(), await served.summary()];
    expect(one.identifier.value).toMatch(/^urn:uuid:/);
    expect(one.identifier.value).not.toBe(other.identifier.value);
  });

  it('rejects unsupported parameters with an explanation', async () => {
    expect(await served.rejection(served.token, '/Patient/$summary?identifier=urn:mrn%7CB-2')).toMatchObject({
      status: 404,
      code: 'not-found',
    });
    expect(await served.rejection(served.token, `/Patient/${BOB}/$summary`)).toMatchObject({
      status: 404,
      code: 'not-found',
    });
    expect(await served.rejection(served.token, '/Patient/none/$summary')).toMatchObject({
      status: 404,
      code: 'not-found',
    });
    expect(await served.rejection(served.token, `/Patient/$summary?patient=${BOB}`)).toMatchObject({
      status: 403,
      code: 'patient-mismatch',
    });
    const profile = await served.rejection(served.token, '/Patient/$summary?profile=urn:another');
    expect(profile).toMatchObject({ status: 400, code: 'search-invalid' });
    expect(profile.text).toContain('Composition-uv-ips');
    expect(await served.rejection(served.token, '/Patient/$summary?graph=urn:g')).toMatchObject({
      status: 400,
      code: 'search-invalid',
    });
    expect((await served.server.get(served.token, '/Patient/$summary?colour=red')).statusCode).toBe(200);
    const strict = { prefer: 'handling=strict' };
    expect(await served.rejection(served.token, '/Patient/$summary?colour=red', strict)).toMatchObject({
      status: 400,
      code: 'parameter-unknown',
    });
    expect((await served.server.get(undefined, '/Patient/$summary')).statusCode).toBe(401);
  });
});
