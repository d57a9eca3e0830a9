import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allergies, concern, ccdaDocument as document, problems } from '../../support/fhir/ccda-document.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadCcda, storedResources } from '../../support/fhir/load-ccda.ts';
import { loadTexts } from '../../support/fhir/load-texts.ts';

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const stored = (type: string) => storedResources(server, type);
const load = (type: string, sections: string, more?: Parameters<typeof document>[0]) =>
  loadCcda(server, type, sections, more);

describe('C-CDA 2.1', () => {
  it('becomes a patient, their entries, and the author', async () => {
    const report = await loadTexts(server, { 'a.xml': document() });
    expect(report.refused).toEqual([]);
    expect(await stored('Patient')).toMatchObject([
      { name: [{ family: 'Example', given: ['Ann'] }], gender: 'female', birthDate: '1970-05-01' },
    ]);
    const [problem] = await stored('Condition');
    expect(problem.code.coding).toContainEqual(
      expect.objectContaining({ system: 'http://snomed.info/sct', code: '233604007' }),
    );
    // R4 con-4: an ended condition isn't active.
    expect({ abatement: problem.abatementDateTime, clinicalStatus: problem.clinicalStatus.coding[0].code }).toEqual({
      abatement: '2025-02-14',
      clinicalStatus: 'resolved',
    });
    expect(await stored('Organization')).toMatchObject([{ name: 'Community Practice' }]);
  });

  it('loaded again changes nothing; corrected, it is the same patient', async () => {
    await loadTexts(server, { 'a.xml': document() });
    expect(await loadTexts(server, { 'b.xml': document() })).toMatchObject({ created: 0, updated: 0 });
    expect(await loadTexts(server, { 'c.xml': document({ birth: '19700502' }) })).toMatchObject({ updated: 1 });
    expect(await stored('Patient')).toMatchObject([{ birthDate: '1970-05-02' }]);
  });

  it.each([
    [
      'with a DOCTYPE, whose entities could be anything',
      document({ doctype: '<!DOCTYPE x [<!ENTITY a "b">]>' }),
      'DOCTYPE',
    ],
    ['other XML', '<note/>', 'not C-CDA'],
  ])('%s is rejected with a reason', async (_, text, reason) => {
    const { refused } = await loadTexts(server, { 'a.xml': text });
    expect(refused).toMatchObject([{ reason: expect.stringContaining(reason) }]);
  });
});

describe('a date of a C-CDA document', () => {
  it.each([
    ['2012', '2012'],
    ['201208', '2012-08'],
    ['20120806', '2012-08-06'],
    ['20120806-0500', '2012-08-06'],
    ['201208062330-0500', '2012-08-06T23:30:00-05:00'],
    ['20120806233015.250+0000', '2012-08-06T23:30:15.250Z'],
  ])('%s keeps its precision and offset: %s', async (source, date) => {
    const [problem] = await load('Condition', problems(concern({ time: `<low value="${source}"/>` })));
    expect(problem.onsetDateTime).toBe(date);
  });

  it.each([
    ['in summer', '201208062330', '2012-08-06T23:30:00-07:00'],
    ['in winter', '201212062330', '2012-12-06T23:30:00-08:00'],
  ])('without an offset is local time of the practice %s, and not moved to another day', async (_, source, date) => {
    await server.db.queryText("update practice set time_zone = 'America/Los_Angeles' where practice_id = 1", []);
    const [problem] = await load('Condition', problems(concern({ time: `<low value="${source}"/>` })));
    expect(problem.onsetDateTime).toBe(date);
  });

  it('that does not exist is left out', async () => {
    const [problem] = await load('Condition', problems(concern({ time: '<low value="20013011"/>' })));
    expect(problem.onsetDateTime).toBeUndefined();
  });

  it('of birth keeps its precision', async () => {
    expect(await load('Patient', '', { birth: '1970' })).toMatchObject([{ birthDate: '1970' }]);
  });
});

describe('a problem or allergy of a C-CDA document', () => {
  const status = (code: string) =>
    `<entryRelationship typeCode="REFR"><observation classCode="OBS" moodCode="EVN">
      <code code="33999-4" codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="CD" code="${code}" codeSystem="2.16.840.1.113883.6.96"/>
    </observation></entryRelationship>`;

  it.each([
    ['an active concern', { status: 'active' }, 'active'],
    ['a completed concern', { status: 'completed' }, 'inactive'],
    [
      'an active concern whose problem has the status resolved',
      { status: 'active', inside: status('413322009') },
      'resolved',
    ],
    [
      'an active concern whose problem has an end',
      { status: 'active', time: '<low value="2024"/><high value="2025"/>' },
      'resolved',
    ],
  ])('of %s has the status that the document says', async (_, parts, expected) => {
    const [problem] = await load('Condition', problems(concern({ time: '<low value="2024"/>', ...parts })));
    expect(problem.clinicalStatus.coding[0].code).toBe(expected);
  });

  it('that the patient does not have is refuted, and one that was deleted is entered in error', async () => {
    const stored = await load(
      'Condition',
      problems(
        concern({ id: '11111111-1111-4111-8111-111111111111', attributes: 'negationInd="true"' }),
        concern({ id: '22222222-2222-4222-8222-222222222222', status: 'nullified' }),
      ),
    );
    const verification = stored.map(({ verificationStatus }) => verificationStatus.coding[0].code);
    expect(verification.toSorted()).toEqual(['entered-in-error', 'refuted']);
  });

  it('is not lost if a concern has several', async () => {
    const two = concern({ id: '33333333-3333-4333-8333-333333333333' }).replace(
      '</act>',
      `<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">
        <value xsi:type="CD" code="194828000" codeSystem="2.16.840.1.113883.6.96" displayName="Angina"/>
      </observation></entryRelationship></act>`,
    );
    const names = (await load('Condition', problems(two))).map(({ code }) => code.text);
    expect(names.toSorted()).toEqual(['Angina', 'Pneumonia (disorder)']);
  });

  const allergy = (parts: Parameters<typeof concern>[0], substance: string) =>
    allergies(
      concern({
        status: 'active',
        time: '<low value="1998"/>',
        ...parts,
        inside: `<participant typeCode="CSM"><participantRole classCode="MANU"><playingEntity classCode="MMAT">${substance}</playingEntity></participantRole></participant>${parts?.inside ?? ''}`,
      }),
    );
  const drugAllergy =
    '<value xsi:type="CD" code="416098002" codeSystem="2.16.840.1.113883.6.96" displayName="Allergy to drug"/>';

  it('has the kind, criticality and all reactions of the document', async () => {
    const reaction = (name: string, severity: string) =>
      `<entryRelationship typeCode="MFST" inversionInd="true"><observation classCode="OBS" moodCode="EVN">
        <value xsi:type="CD" code="1" codeSystem="2.16.840.1.113883.6.96" displayName="${name}"/>
        <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><code code="SEV"/>
          <value xsi:type="CD" code="${severity}"/></observation></entryRelationship>
      </observation></entryRelationship>`;
    const criticality =
      '<entryRelationship typeCode="SUBJ"><observation><code code="82606-5"/><value xsi:type="CD" code="CRITH"/></observation></entryRelationship>';
    const [stored] = await load(
      'AllergyIntolerance',
      allergy(
        { value: drugAllergy, inside: reaction('Hives', '255604002') + reaction('Wheezing', '24484000') + criticality },
        '<code code="70618" codeSystem="2.16.840.1.113883.6.88" displayName="Penicillin"/>',
      ),
    );
    expect(stored).toMatchObject({
      code: { text: 'Penicillin' },
      type: 'allergy',
      category: ['medication'],
      criticality: 'high',
      onsetDateTime: '1998',
      reaction: [
        { manifestation: [{ text: 'Hives' }], severity: 'mild' },
        { manifestation: [{ text: 'Wheezing' }], severity: 'severe' },
      ],
    });
  });

  it.each([
    ['no substance', '<code nullFlavor="NA"/>'],
    ['any drug', '<code code="410942007" codeSystem="2.16.840.1.113883.6.96" displayName="Drug or medicament"/>'],
  ])('that is negated and names %s says that no drug allergy is known', async (_, substance) => {
    const negated = { value: drugAllergy, attributes: 'negationInd="true"' };
    const [stored] = await load('AllergyIntolerance', allergy(negated, substance));
    expect({ code: stored.code.coding[0].code, text: stored.code.text }).toEqual({
      code: '409137002',
      text: 'No known drug allergy',
    });
    expect(stored.verificationStatus.coding[0].code).toBe('confirmed');
  });

  it('that is negated and names a substance is refuted', async () => {
    const negated = { attributes: 'negationInd="true"' };
    const peanut = '<code code="762952008" codeSystem="2.16.840.1.113883.6.96" displayName="Peanut"/>';
    const [stored] = await load('AllergyIntolerance', allergy(negated, peanut));
    expect({ text: stored.code.text, verificationStatus: stored.verificationStatus.coding[0].code }).toEqual({
      text: 'Peanut',
      verificationStatus: 'refuted',
    });
  });
});
