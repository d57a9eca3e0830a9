import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts } from '../../support/fhir/load-texts.ts';

/**
 * A C-CDA 2.1 document with one patient, one resolved problem and one allergy, with ids and codes as a certified EHR
 * writes them.
 */
const document = (
  more: { readonly doctype?: string; readonly birth?: string } = {},
) => `<?xml version="1.0" encoding="UTF-8"?>
${more.doctype ?? ''}<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <realmCode code="US"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <templateId root="2.16.840.1.113883.10.20.22.1.2" extension="2015-08-01"/>
  <id root="2.16.840.1.113883.19.5.99999.1" extension="doc-1"/>
  <code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>
  <title>Summary of Ann Example</title>
  <effectiveTime value="20260105093000-0500"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <recordTarget><patientRole>
    <id root="2.16.840.1.113883.19.5" extension="998991"/>
    <addr use="HP"><streetAddressLine>1 Fir Street</streetAddressLine><city>Blue Bell</city><state>PA</state><postalCode>19422</postalCode></addr>
    <patient>
      <name use="L"><given>Ann</given><family>Example</family></name>
      <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
      <birthTime value="${more.birth ?? '19700501'}"/>
    </patient>
  </patientRole></recordTarget>
  <author><time value="20260105"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1234567893"/>
    <assignedPerson><name><given>Gil</given><family>Doctor</family></name></assignedPerson></assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization>
    <id root="2.16.840.1.113883.4.6" extension="1245319599"/><name>Community Practice</name>
  </representedCustodianOrganization></assignedCustodian></custodian>
  <component><structuredBody>
    <component><section>
      <templateId root="2.16.840.1.113883.10.20.22.2.5.1" extension="2015-08-01"/>
      <code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title><text>Pneumonia</text>
      <entry><act classCode="ACT" moodCode="EVN">
        <templateId root="2.16.840.1.113883.10.20.22.4.3" extension="2015-08-01"/>
        <id root="ec8a6ff8-ed4b-4f7e-82c3-e98e58b45de7"/>
        <code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="completed"/>
        <effectiveTime><low value="20250101"/><high value="20250214"/></effectiveTime>
        <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">
          <templateId root="2.16.840.1.113883.10.20.22.4.4" extension="2015-08-01"/>
          <id root="ab1791b0-5c71-11db-b0de-0800200c9a66"/>
          <code code="55607006" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/>
          <effectiveTime><low value="20250101"/><high value="20250214"/></effectiveTime>
          <value xsi:type="CD" code="233604007" codeSystem="2.16.840.1.113883.6.96" displayName="Pneumonia (disorder)"/>
        </observation></entryRelationship>
      </act></entry>
    </section></component>
  </structuredBody></component>
</ClinicalDocument>`;

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const stored = async (type: string) =>
  (
    await server.db.queryText<{ content: string }>(
      'select content from resource where type = $1 union all select content from shared_resource where type = $1',
      [type],
    )
  ).map(({ content }) => JSON.parse(content));

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
    expect(problem.onsetDateTime).toMatch(/^2025-01-01/);
    // R4 con-4: an ended condition isn't active.
    expect([problem.abatementDateTime.slice(0, 10), problem.clinicalStatus.coding[0].code]).toEqual([
      '2025-02-14',
      'resolved',
    ]);
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
