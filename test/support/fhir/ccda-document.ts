/** Values of the document that a test changes. */
interface CcdaParts {
  readonly doctype?: string;
  readonly birth?: string;
  readonly written?: string;
  readonly participants?: string;
  readonly sections?: string;
}

/** A C-CDA 2.1 document with one patient, with ids and codes as a certified EHR writes them. */
export const ccdaDocument = ({ doctype, birth, written, participants, sections }: CcdaParts = {}): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
${doctype ?? ''}<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:sdtc="urn:hl7-org:sdtc">
  <realmCode code="US"/>
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <templateId root="2.16.840.1.113883.10.20.22.1.2" extension="2015-08-01"/>
  <id root="2.16.840.1.113883.19.5.99999.1" extension="doc-1"/>
  <code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>
  <title>Summary of Ann Example</title>
  <effectiveTime value="${written ?? '20260105093000-0500'}"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <recordTarget><patientRole>
    <id root="2.16.840.1.113883.19.5" extension="998991"/>
    <addr use="HP"><streetAddressLine>1 Fir Street</streetAddressLine><city>Blue Bell</city><state>PA</state><postalCode>19422</postalCode></addr>
    <patient>
      <name use="L"><given>Ann</given><family>Example</family></name>
      <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>
      <birthTime value="${birth ?? '19700501'}"/>
    </patient>
  </patientRole></recordTarget>
  <author><time value="20260105"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1234567893"/>
    <assignedPerson><name><given>Gil</given><family>Doctor</family></name></assignedPerson></assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization>
    <id root="2.16.840.1.113883.4.6" extension="1245319599"/><name>Community Practice</name>
  </representedCustodianOrganization></assignedCustodian></custodian>
  ${participants ?? ''}
  <component><structuredBody>${sections ?? problems(concern())}</structuredBody></component>
</ClinicalDocument>`;

const TEMPLATES = '2.16.840.1.113883.10.20.22.2';

/** A section with entries. The last part of its template id says what it is. */
export const ccdaSection = (code: string, template: string, entries: string, narrative = ''): string =>
  `<component><section>
    <templateId root="${TEMPLATES}.${template}" extension="2015-08-01"/>
    <code code="${code}" codeSystem="2.16.840.1.113883.6.1"/><title>Section</title><text>${narrative}</text>
    ${entries}
  </section></component>`;

export const problems = (...acts: readonly string[]): string =>
  ccdaSection('11450-4', '5.1', acts.map((act) => `<entry>${act}</entry>`).join(''));
export const allergies = (...acts: readonly string[]): string =>
  ccdaSection('48765-2', '6.1', acts.map((act) => `<entry>${act}</entry>`).join(''));
export const medications = (...entries: readonly string[]): string =>
  ccdaSection('10160-0', '1.1', entries.map((entry) => `<entry>${entry}</entry>`).join(''));
export const results = (...entries: readonly string[]): string =>
  ccdaSection('30954-2', '3.1', entries.map((entry) => `<entry>${entry}</entry>`).join(''));

let ids = 0;
const newId = (): string => {
  ids += 1;
  return `ab1791b0-5c71-11db-b0de-${String(ids).padStart(12, '0')}`;
};

interface ConcernParts {
  readonly id?: string;
  readonly status?: string;
  readonly time?: string;
  readonly attributes?: string;
  readonly value?: string;
  readonly inside?: string;
}

/** A concern (Problem Concern or Allergy Concern act) about one problem or allergy. */
export const concern = ({ id, status, time, attributes, value, inside }: ConcernParts = {}): string =>
  `<act classCode="ACT" moodCode="EVN">
    <id root="${id ?? 'ec8a6ff8-ed4b-4f7e-82c3-e98e58b45de7'}"/>
    <code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="${status ?? 'completed'}"/>
    <effectiveTime><low value="20250101"/></effectiveTime>
    <entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN" ${attributes ?? ''}>
      <id root="${id === undefined ? 'ab1791b0-5c71-11db-b0de-0800200c9a66' : newId()}"/>
      <code code="55607006" codeSystem="2.16.840.1.113883.6.96"/><statusCode code="completed"/>
      <effectiveTime>${time ?? '<low value="20250101"/><high value="20250214"/>'}</effectiveTime>
      ${value ?? '<value xsi:type="CD" code="233604007" codeSystem="2.16.840.1.113883.6.96" displayName="Pneumonia (disorder)"/>'}
      ${inside ?? ''}
    </observation></entryRelationship>
  </act>`;

interface MedicationParts {
  readonly mood?: string;
  readonly attributes?: string;
  readonly status?: string;
  readonly times?: string;
  readonly dosage?: string;
  readonly maker?: string;
  readonly inside?: string;
}

/** A Medication Activity. */
export const medication = (parts: MedicationParts = {}): string =>
  `<substanceAdministration classCode="SBADM" moodCode="${parts.mood ?? 'INT'}" ${parts.attributes ?? ''}>
    <id root="${newId()}"/><statusCode code="${parts.status ?? 'active'}"/>
    ${parts.times ?? '<effectiveTime xsi:type="IVL_TS"><low value="20251101"/></effectiveTime>'}
    ${parts.dosage ?? ''}
    <consumable><manufacturedProduct classCode="MANU"><manufacturedMaterial>
      <code code="573621" codeSystem="2.16.840.1.113883.6.88" displayName="Albuterol"/>
    </manufacturedMaterial>${parts.maker ?? ''}</manufacturedProduct></consumable>
    ${parts.inside ?? ''}
  </substanceAdministration>`;

interface ResultParts {
  readonly attributes?: string;
  readonly status?: string;
  readonly time?: string;
  readonly value?: string;
  readonly inside?: string;
}

/** A Result Observation. */
export const result = (parts: ResultParts = {}): string =>
  `<observation classCode="OBS" moodCode="EVN" ${parts.attributes ?? ''}>
    <templateId root="2.16.840.1.113883.10.20.22.4.2"/><id root="${newId()}"/>
    <code code="718-7" codeSystem="2.16.840.1.113883.6.1" displayName="Hemoglobin"/>
    <statusCode code="${parts.status ?? 'completed'}"/>
    ${parts.time ?? '<effectiveTime value="202511030830-0500"/>'}
    ${parts.value ?? '<value xsi:type="PQ" value="13.20" unit="g/dL"/>'}
    ${parts.inside ?? ''}
  </observation>`;
