import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANN, BOB, CAT, id, resourceAbout, SUBSTANCE } from './chart.ts';
import { documentProblems, findSection, readComposition, sectionResources } from './document.ts';
import { type SummaryServer, startSummaryServer } from './summary-server.ts';

let served: SummaryServer;
beforeAll(async () => {
  served = await startSummaryServer();
});
afterAll(() => served.server.close());

const EVE = id(905);
const having = (...scopes: readonly string[]) =>
  served.server.token(ANN, { scope: scopes.map((scope) => `patient/${scope}`).join(' ') });

describe('a summary excludes what the grant doesn’t allow', () => {
  it('without revealing why: an empty section is the same if nothing was requested, granted or recorded, or all is labeled', async () => {
    const none = findSection(
      await served.summary(await served.server.token(CAT), `/Patient/${CAT}/$summary`),
      '48765-2',
    );
    const labelled = resourceAbout(
      'AllergyIntolerance',
      970,
      { meta: { security: [SUBSTANCE] }, code: { text: 'Gin' } },
      EVE,
    );
    await served.server.load([{ resourceType: 'Patient', id: EVE }, labelled]);
    const eve = await served.server.token(EVE, { withheld: [SUBSTANCE] });
    expect(findSection(await served.summary(eve, '/Patient/$summary'), '48765-2')).toEqual(none);
    const all = await served.summary(await served.server.token(EVE), '/Patient/$summary');
    expect(sectionResources(all, '48765-2')).toEqual(['AllergyIntolerance/970']);
    const made = await served.summary(await having('Patient.rs', 'Condition.rs'));
    expect(documentProblems(made)).toEqual([]);
    expect(findSection(made, '48765-2')).toEqual(none);
    expect(none?.emptyReason?.coding[0]?.code).toBe('unavailable');
    expect(made.entry.map(({ resource }) => resource.resourceType).sort()).toEqual([
      'Composition',
      'Condition',
      'Condition',
      'Condition',
      'Device',
      'Patient',
    ]);
    expect(readComposition(made)).not.toHaveProperty('custodian');
    expect(JSON.stringify(made)).not.toMatch(/withheld|Penicillin|Lisinopril/);
  });

  it('and what it includes doesn’t reveal the rest', async () => {
    const made = await served.summary(await having('Patient.rs', 'MedicationRequest.rs'));
    expect(sectionResources(made, '10160-0')).toEqual(['MedicationRequest/20']);
    expect(made.entry.map(({ resource }) => resource.resourceType)).not.toContain('Medication');
    expect(JSON.stringify(made)).not.toContain(id(21));
    expect(documentProblems(made)).toEqual([]);
  });

  it('by labels: entry, narrative and labels of the document', async () => {
    const all = await served.summary();
    expect(all.meta?.security).toEqual([SUBSTANCE]);
    const without = await served.summary(await served.server.token(ANN, { withheld: [SUBSTANCE] }));
    expect(sectionResources(without, '11450-4')).toEqual(['Condition/1']);
    expect(without.meta).not.toHaveProperty('security');
    expect(JSON.stringify(without)).not.toContain('Dependence');
  });

  it('by granular scopes', async () => {
    const made = await served.summary(await having('Patient.rs', 'Observation.rs?category=laboratory'));
    expect(sectionResources(made, '30954-2')).toEqual(['Observation/41']);
    expect(findSection(made, '8716-3')).toBeUndefined();
    expect(documentProblems(made)).toEqual([]);
  });

  it('and without access to the Patient there is no summary', async () => {
    expect(await served.rejection(await having('Condition.rs'), '/Patient/$summary')).toMatchObject({
      status: 403,
      code: 'scope-denied',
    });
    const none = await served.server.token(ANN, { apis: ['dstu2'] });
    expect(await served.rejection(none, '/Patient/$summary')).toMatchObject({ status: 403, code: 'api-not-added' });
  });

  it('with access to practices, a patient has to be named, and only one record is included', async () => {
    const staff = await served.server.token(ANN, { scope: 'user/*.rs', practices: [1, 2], record: false });
    const nobody = await served.rejection(staff, '/Patient/$summary');
    expect(nobody).toMatchObject({ status: 400, code: 'search-invalid' });
    expect(nobody.text).toContain('Patient/{id}/$summary');
    expect(await served.rejection(staff, '/Patient/$summary?identifier=,')).toMatchObject({
      status: 400,
      code: 'search-invalid',
    });
    expect(await served.rejection(staff, '/Patient/$summary?identifier=urn:mrn%7CA-1')).toMatchObject({
      status: 400,
      code: 'search-invalid',
    });
    const bob = await served.summary(staff, `/Patient/${BOB}/$summary`);
    expect(sectionResources(bob, '11450-4')).toEqual(['Condition/90']);
    expect(JSON.stringify(bob)).not.toContain(ANN);
    const ann = await served.summary(staff, `/Patient/${ANN}/$summary`);
    expect(documentProblems(ann)).toEqual([]);
    expect(JSON.stringify(ann)).not.toContain('Another of this id');
    const cat = JSON.stringify(await served.summary(staff, `/Patient/${CAT}/$summary`));
    expect({ hasOther: cat.includes('Another of this id'), hasPracticeOne: cat.includes('Practice One') }).toEqual({
      hasOther: true,
      hasPracticeOne: false,
    });
    const both = await served.server.token(ANN, { scope: 'user/Patient.rs patient/*.rs', practices: [1] });
    const ofBoth = await served.summary(both, `/Patient/${BOB}/$summary`);
    expect(sectionResources(ofBoth, '11450-4')).toEqual([]);
    expect(JSON.stringify(ofBoth)).not.toMatch(new RegExp(`${ANN}|Penicillin`));
    const elsewhere = await served.server.token(ANN, { scope: 'user/*.rs', practices: [2], record: false });
    expect(await served.rejection(elsewhere, `/Patient/${BOB}/$summary`)).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });
});

describe('a summary of a record with nothing in it', () => {
  it('has the required sections, and doesn’t claim that there are no problems, allergies or medications', async () => {
    const made = await served.summary(await served.server.token(CAT), `/Patient/${CAT}/$summary`);
    expect(documentProblems(made)).toEqual([]);
    const { section } = readComposition(made);
    expect(section.map(({ emptyReason }) => emptyReason?.coding[0]?.code)).toEqual(Array(3).fill('unavailable'));
    expect(section[0]?.text.div).toContain('does not mean that there are none');
    // The Patient has neither name nor birth date, so it can't conform to the Patient profile of IPS.
    expect(made.meta?.profile).toBeUndefined();
  });
});
