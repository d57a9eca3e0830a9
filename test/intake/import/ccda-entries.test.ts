import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ccdaSection,
  concern,
  medication,
  medications,
  problems,
  result,
  results,
} from '../../support/fhir/ccda-document.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadCcda, storedResources } from '../../support/fhir/load-ccda.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const stored = (type: string) => storedResources(server, type);
const load = (type: string, sections: string) => loadCcda(server, type, sections);

describe('a medicine of a C-CDA document', () => {
  const frequency = (attributes: string, period: string) =>
    `<effectiveTime xsi:type="IVL_TS"><low value="20251101"/><high value="20260301"/></effectiveTime>
     <effectiveTime xsi:type="PIVL_TS" operator="A" ${attributes}>${period}</effectiveTime>`;
  const sig = (text: string) =>
    `<entryRelationship typeCode="COMP"><substanceAdministration classCode="SBADM" moodCode="EVN">
      <code code="76662-6" codeSystem="2.16.840.1.113883.6.1"/><text>${text}</text></substanceAdministration></entryRelationship>`;

  it('has the dose, route, timing and words of the document', async () => {
    const [stored] = await load(
      'MedicationRequest',
      medications(
        medication({
          times: frequency('institutionSpecified="true"', '<period value="8" unit="h"/>'),
          dosage: `<routeCode code="C38216" codeSystem="2.16.840.1.113883.3.26.1.1" displayName="Inhalation"/>
            <doseQuantity value="2"/><administrationUnitCode code="PUFF" displayName="Puff"/>`,
          inside: `${sig('2 puffs three times a day')}<precondition><criterion><value xsi:type="CD" code="56018004" codeSystem="2.16.840.1.113883.6.96" displayName="Wheezing"/></criterion></precondition>`,
        }),
      ),
    );
    expect(stored.dosageInstruction).toMatchObject([
      {
        text: '2 puffs three times a day',
        timing: {
          repeat: {
            boundsPeriod: { start: '2025-11-01', end: '2026-03-01' },
            frequency: 3,
            period: 1,
            periodUnit: 'd',
          },
        },
        asNeededCodeableConcept: { text: 'Wheezing' },
        route: { text: 'Inhalation' },
        doseAndRate: [{ doseQuantity: { value: 2, unit: 'Puff' } }],
      },
    ]);
    expect(stored.dosageInstruction[0].doseAndRate[0].doseQuantity).not.toHaveProperty('code');
    expect(stored).not.toHaveProperty('dispenseRequest');
  });

  it.each([
    ['', '<period value="8" unit="h"/>', { frequency: 1, period: 8, periodUnit: 'h' }],
    [
      '',
      '<period xsi:type="IVL_PQ"><low value="4" unit="h"/><high value="6" unit="h"/></period>',
      { frequency: 1, period: 4, periodMax: 6, periodUnit: 'h' },
    ],
    ['', '<event code="ACM"/><offset><low value="1" unit="h"/></offset>', { when: ['ACM'], offset: 60 }],
  ])('has the timing %s%s', async (attributes, period, repeat) => {
    const [stored] = await load('MedicationRequest', medications(medication({ times: frequency(attributes, period) })));
    expect(stored.dosageInstruction[0].timing.repeat).toMatchObject(repeat);
  });

  it('keeps only the sender’s words if a part of the timing has no form in FHIR', async () => {
    const [stored] = await load(
      'MedicationRequest',
      medications(
        medication({
          times:
            frequency('', '<period value="8" unit="h"/>') +
            '<effectiveTime xsi:type="PIVL_TS" operator="A"><phase/></effectiveTime>',
          dosage: '<doseQuantity value="2"/>',
          inside: sig('2 tablets on Mondays'),
        }),
      ),
    );
    expect(stored.dosageInstruction).toEqual([
      {
        text: '2 tablets on Mondays',
        timing: { repeat: { boundsPeriod: { start: '2025-11-01', end: '2026-03-01' } } },
      },
    ]);
  });

  it('refers to its contained Medication', async () => {
    const maker = '<manufacturerOrganization><name>Medication Factory</name></manufacturerOrganization>';
    const [stored] = await load('MedicationRequest', medications(medication({ maker })));
    const [contained] = stored.contained;
    expect({ text: contained.code.text, display: contained.manufacturer.display }).toEqual({
      text: 'Albuterol',
      display: 'Medication Factory',
    });
    expect(stored.medicationReference.reference).toBe(`#${contained.id}`);
  });

  it.each([
    ['taken, without a prescription', { mood: 'EVN' }, { status: 'active', intent: 'plan', reportedBoolean: true }],
    ['prescribed', { mood: 'INT' }, { status: 'active', intent: 'order' }],
    ['forbidden', { attributes: 'negationInd="true"' }, { doNotPerform: true }],
    ['paused', { status: 'suspended' }, { status: 'on-hold' }],
    ['deleted', { status: 'nullified' }, { status: 'entered-in-error' }],
    ['without a known status', { status: 'new' }, { status: 'unknown' }],
    [
      'active, with an end before the document',
      { times: '<effectiveTime><low value="2024"/><high value="20251231"/></effectiveTime>' },
      { status: 'completed' },
    ],
    [
      'written, with an end after the document',
      { status: 'completed', times: '<effectiveTime><low value="2025"/><high value="20260301"/></effectiveTime>' },
      { status: 'active' },
    ],
  ])('that is %s is stored as such', async (_, parts, expected) => {
    expect(await load('MedicationRequest', medications(medication(parts)))).toMatchObject([expected]);
  });

  it('that was not taken is not an order against it', async () => {
    const refused = medication({ mood: 'EVN', attributes: 'negationInd="true"', status: 'completed' });
    expect(await load('MedicationStatement', medications(refused))).toMatchObject([
      { status: 'not-taken', medicationCodeableConcept: { text: 'Albuterol' } },
    ]);
    expect(await stored('MedicationRequest')).toEqual([]);
  });

  it.each([
    ['there is no medicine', 'negationInd="true"', '<code nullFlavor="OTH"/>'],
    [
      'it is unknown',
      'nullFlavor="NI"',
      '<code code="573621" codeSystem="2.16.840.1.113883.6.88" displayName="Albuterol"/>',
    ],
  ])('is not made of a statement that %s', async (_, attributes, code) => {
    const none = medication({ mood: 'EVN', attributes }).replace(/<code code="573621"[^>]*>/, code);
    expect(await load('MedicationRequest', medications(none))).toEqual([]);
    expect(await stored('MedicationStatement')).toEqual([]);
  });

  it('of a section with optional entries, or of the hospital discharge, is not lost', async () => {
    const act = `<act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.35"/>
      <entryRelationship typeCode="SUBJ">${medication()}</entryRelationship></act>`;
    const sections = `${ccdaSection('10160-0', '1', `<entry>${medication()}</entry>`)}${ccdaSection('10183-2', '11.1', `<entry>${act}</entry>`)}`;
    expect(await load('MedicationRequest', sections)).toHaveLength(2);
  });

  it('that is planned is not shown as taken', async () => {
    const plan = ccdaSection('18776-5', '10', `<entry>${medication()}</entry>`);
    expect(await load('MedicationRequest', plan)).toMatchObject([{ intent: 'plan' }]);
  });
});

describe('a result of a C-CDA document', () => {
  it('has its exact value, interpretation, normal range and time', async () => {
    const inside = `<interpretationCode code="L" codeSystem="2.16.840.1.113883.5.83" displayName="Low"/>
      <referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="14.0" unit="g/dL"/></value></observationRange></referenceRange>
      <referenceRange><observationRange><interpretationCode code="LL"/><text>critical below 7</text></observationRange></referenceRange>
      <referenceRange><observationRange><text>usually above 14</text></observationRange></referenceRange>`;
    const [stored] = await load('Observation', results(result({ inside })));
    expect(stored).toMatchObject({
      status: 'final',
      effectiveDateTime: '2025-11-03T08:30:00-05:00',
      valueQuantity: { value: 13.2, unit: 'g/dL', code: 'g/dL' },
      interpretation: [{ coding: [{ code: 'L' }] }],
      referenceRange: [{ low: { value: 14, unit: 'g/dL' } }, { text: 'usually above 14' }],
    });
    const [row] = await server.db.queryText<{ content: string }>(
      "select content from resource where type = 'Observation'",
      [],
    );
    expect(row?.content).toContain('13.20');
  });

  it.each([
    [
      'a value below a limit',
      '<value xsi:type="IVL_PQ"><high value="5" unit="mg/dL" inclusive="false"/></value>',
      { valueQuantity: { value: 5, comparator: '<' } },
    ],
    [
      'a range',
      '<value xsi:type="IVL_PQ"><low value="1" unit="mg"/><high value="2" unit="mg"/></value>',
      { valueRange: { low: { value: 1 }, high: { value: 2 } } },
    ],
    ['a text', '<value xsi:type="ST">Clear</value>', { valueString: 'Clear' }],
    ['a text of the narrative', '<value xsi:type="ED"><reference value="#r1"/></value>', { valueString: 'No growth' }],
    [
      'a ratio',
      '<value xsi:type="RTO_PQ_PQ"><numerator value="1"/><denominator value="128"/></value>',
      { valueRatio: { denominator: { value: 128 } } },
    ],
  ])('has %s', async (_, value, expected) => {
    const section = ccdaSection(
      '30954-2',
      '3.1',
      `<entry>${result({ value })}</entry>`,
      '<content ID="r1">No growth</content>',
    );
    expect(await load('Observation', section)).toMatchObject([expected]);
  });

  it.each([
    ['active', 'registered'],
    ['aborted', 'cancelled'],
    ['nullified', 'entered-in-error'],
  ])('with the status %s is not final', async (status, expected) => {
    expect(await load('Observation', results(result({ status })))).toMatchObject([{ status: expected }]);
  });

  it('that is unknown is left out', async () => {
    expect(await load('Observation', results(result({ attributes: 'nullFlavor="UNK"' })))).toEqual([]);
  });

  it('has the security labels of the document', async () => {
    const inside = `<entryRelationship typeCode="COMP"><observation classCode="OBS" moodCode="EVN"><code code="SECCONOBS"/>
      <value xsi:type="CE" code="NOPAT" codeSystem="2.16.840.1.113883.5.1063"/></observation></entryRelationship>`;
    expect(await load('Observation', results(result({ inside })))).toMatchObject([
      {
        code: { text: 'Hemoglobin' },
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NOPAT' }] },
      },
    ]);
  });

  it('that was not observed is left out', async () => {
    expect(await load('Observation', results(result({ attributes: 'negationInd="true"' })))).toEqual([]);
  });

  it('is named by its code rather than by a text that belongs to another entry', async () => {
    const named = result().replace(
      'displayName="Hemoglobin"/>',
      'displayName="Hemoglobin"><originalText><reference value="#other"/></originalText></code>',
    );
    const section = ccdaSection('30954-2', '3.1', `<entry>${named}</entry>`, '<content ID="other">Glucose</content>');
    expect(await load('Observation', section)).toMatchObject([{ code: { text: 'Hemoglobin' } }]);
  });
});

describe('other entries of a C-CDA document', () => {
  const vaccine = (attributes: string) =>
    ccdaSection(
      '11369-6',
      '2.1',
      `<entry><substanceAdministration classCode="SBADM" moodCode="EVN" ${attributes}><id root="77777777-7777-4777-8777-777777777777"/>
        <statusCode code="completed"/><effectiveTime value="199911"/>
        <consumable><manufacturedProduct><manufacturedMaterial>
          <code code="88" codeSystem="2.16.840.1.113883.12.292" displayName="Influenza"/><lotNumberText>1</lotNumberText>
        </manufacturedMaterial></manufacturedProduct></consumable>
        <entryRelationship typeCode="RSON"><observation><code code="PATOBJ" codeSystem="2.16.840.1.113883.5.8" displayName="patient objection"/></observation></entryRelationship>
      </substanceAdministration></entry>`,
    );

  it('a vaccine that was not given is not shown as given', async () => {
    expect(await load('Immunization', vaccine('negationInd="true"'))).toMatchObject([
      { status: 'not-done', statusReason: { text: 'patient objection' }, occurrenceDateTime: '1999-11' },
    ]);
    await server.reset();
    expect(await load('Immunization', vaccine(''))).toMatchObject([
      { status: 'completed', vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '88' }] } },
    ]);
  });

  it('an illness of a relative never becomes one of the patient', async () => {
    const family = ccdaSection(
      '10157-6',
      '15',
      `<entry><organizer classCode="CLUSTER" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.45"/>
        <statusCode code="completed"/><component>${result()}</component></organizer></entry>`,
    );
    expect(await load('Observation', family)).toEqual([]);
  });

  const procedure = (attributes: string, status: string) =>
    `<entry><procedure classCode="PROC" ${attributes}><id root="88888888-8888-4888-8888-888888888888"/>
      <code code="73761001" codeSystem="2.16.840.1.113883.6.96" displayName="Colonoscopy"/>
      <statusCode code="${status}"/><effectiveTime value="20120512"/></procedure></entry>`;

  it.each([
    ['done', 'moodCode="EVN"', 'completed', 'completed'],
    ['stopped', 'moodCode="EVN"', 'aborted', 'stopped'],
    ['under way', 'moodCode="EVN"', 'active', 'in-progress'],
    ['not done', 'moodCode="EVN" negationInd="true"', 'completed', 'not-done'],
  ])('a procedure that was %s says so, and when', async (_, attributes, status, expected) => {
    const section = ccdaSection('47519-4', '7.1', procedure(attributes, status));
    expect(await load('Procedure', section)).toMatchObject([{ status: expected, performedDateTime: '2012-05-12' }]);
  });

  it('a planned procedure is an order, not a procedure', async () => {
    const plan = ccdaSection('18776-5', '10', procedure('moodCode="RQO"', 'active'));
    expect(await load('Procedure', plan)).toEqual([]);
    expect(await stored('ServiceRequest')).toMatchObject([
      { status: 'active', intent: 'order', code: { text: 'Colonoscopy' }, occurrenceDateTime: '2012-05-12' },
    ]);
  });

  const visit = (attributes: string, time: string) =>
    `<entry><encounter classCode="ENC" ${attributes}><id root="99999999-9999-4999-8999-999999999999"/>
      <code code="99213" codeSystem="2.16.840.1.113883.6.12" displayName="Office visit"/>${time}</encounter></entry>`;

  it.each([
    ['at a time is finished', visit('moodCode="EVN"', '<effectiveTime value="201209271300-0500"/>'), 'finished'],
    [
      'without an end is not called current',
      visit('moodCode="EVN"', '<effectiveTime><low value="2012"/></effectiveTime>'),
      'unknown',
    ],
  ])('a visit %s', async (_, entry, status) => {
    expect(await load('Encounter', ccdaSection('46240-8', '22.1', entry))).toMatchObject([
      { status, class: { code: 'AMB' }, type: [{ text: 'Office visit' }] },
    ]);
  });

  it('a planned visit is planned', async () => {
    const plan = ccdaSection('18776-5', '10', visit('moodCode="INT"', '<effectiveTime value="2030"/>'));
    expect(await load('Encounter', plan)).toMatchObject([{ status: 'planned', period: { start: '2030' } }]);
  });

  it('entries of sections that are not imported do not keep the rest from loading', async () => {
    const unknown = ccdaSection('29549-3', '38', `<entry>${medication()}</entry>`);
    const stored = await load('Condition', unknown + problems(concern()));
    expect(stored).toHaveLength(1);
  });

  it('the same clinician is stored once', async () => {
    const author = `<author><time value="20250101"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1234567893"/></assignedAuthor></author>`;
    const [problem] = await load('Condition', problems(concern({ inside: author })));
    const clinicians = await stored('Practitioner');
    expect(clinicians).toMatchObject([{ name: [{ family: 'Doctor' }] }]);
    expect(problem.recorder.reference).toBe(`Practitioner/${clinicians[0].id}`);
  });

  it('a clinician without a name is only an identifier', async () => {
    const author = `<author><time value="20250101"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1999999999"/></assignedAuthor></author>`;
    const [problem] = await load('Condition', problems(concern({ inside: author })));
    expect(problem.recorder).toEqual({
      type: 'Practitioner',
      identifier: { system: 'http://hl7.org/fhir/sid/us-npi', value: '1999999999' },
    });
    expect(await stored('Practitioner')).toHaveLength(1);
  });

  it('a goal has its target', async () => {
    const goal = `<entry><observation classCode="OBS" moodCode="GOL"><id root="66666666-6666-4666-8666-666666666666"/>
      <code code="59408-5" codeSystem="2.16.840.1.113883.6.1" displayName="Oxygen saturation"/><statusCode code="active"/>
      <effectiveTime value="201309"/><value xsi:type="IVL_PQ"><low value="92" unit="%"/></value></observation></entry>`;
    expect(await load('Goal', ccdaSection('61146-7', '60', goal))).toMatchObject([
      {
        lifecycleStatus: 'active',
        description: { text: 'Oxygen saturation' },
        startDate: '2013-09',
        target: [{ detailQuantity: { value: 92, unit: '%', comparator: '>=' } }],
      },
    ]);
  });

  it('a care team has its members, with their names and functions', async () => {
    const team = `<entry><organizer classCode="CLUSTER" moodCode="EVN"><id root="55555555-5555-4555-8555-555555555555"/>
      <statusCode code="active"/><component><act classCode="PCPR" moodCode="EVN"><effectiveTime><low value="2020"/></effectiveTime>
        <performer><sdtc:functionCode code="PCP" codeSystem="2.16.840.1.113883.5.88" displayName="primary care physician"/>
          <assignedEntity><id root="2.16.840.1.113883.4.6" extension="1234567893"/></assignedEntity></performer></act></component></organizer></entry>`;
    const [stored] = await load('CareTeam', ccdaSection('85847-2', '500', team));
    expect(stored).toMatchObject({
      status: 'active',
      participant: [{ role: [{ text: 'primary care physician' }], period: { start: '2020' } }],
    });
    expect(stored.participant[0].member.reference).toMatch(/^Practitioner\//);
  });
});
