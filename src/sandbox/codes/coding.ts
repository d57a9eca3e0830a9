/** Code systems that the sandbox uses. A test rejects codings from any other system. */
export const SYSTEM = {
  snomed: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
  rxnorm: 'http://www.nlm.nih.gov/research/umls/rxnorm',
  cvx: 'http://hl7.org/fhir/sid/cvx',
  icd10: 'http://hl7.org/fhir/sid/icd-10-cm',
  ucum: 'http://unitsofmeasure.org',
  npi: 'http://hl7.org/fhir/sid/us-npi',
  cdcRace: 'urn:oid:2.16.840.1.113883.6.238',
  tribe: 'http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS',
  language: 'urn:ietf:bcp:47',
  nucc: 'http://nucc.org/provider-taxonomy',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  actReason: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  participation: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  maritalStatus: 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus',
  contactRole: 'http://terminology.hl7.org/CodeSystem/v2-0131',
  identifierType: 'http://terminology.hl7.org/CodeSystem/v2-0203',
  interpretation: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  observationCategory: 'http://terminology.hl7.org/CodeSystem/observation-category',
  conditionCategory: 'http://terminology.hl7.org/CodeSystem/condition-category',
  usCoreConditionCategory: 'http://hl7.org/fhir/us/core/CodeSystem/condition-category',
  usCoreCategory: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category',
  noteCategory: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
  conditionClinical: 'http://terminology.hl7.org/CodeSystem/condition-clinical',
  conditionVerification: 'http://terminology.hl7.org/CodeSystem/condition-ver-status',
  allergyClinical: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical',
  allergyVerification: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
  requestCategory: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category',
  requestStatusReason: 'http://terminology.hl7.org/CodeSystem/medicationrequest-status-reason',
  doseRateType: 'http://terminology.hl7.org/CodeSystem/dose-rate-type',
  dataAbsent: 'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  dischargeDisposition: 'http://terminology.hl7.org/CodeSystem/discharge-disposition',
  diagnosisRole: 'http://terminology.hl7.org/CodeSystem/diagnosis-role',
  provenanceAgent: 'http://terminology.hl7.org/CodeSystem/provenance-participant-type',
  usCoreProvenanceAgent: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
  organizationType: 'http://terminology.hl7.org/CodeSystem/organization-type',
  reportSection: 'http://terminology.hl7.org/CodeSystem/v2-0074',
  carePlanCategory: 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category',
  goalAchievement: 'http://terminology.hl7.org/CodeSystem/goal-achievement',
  payerType: 'https://nahdo.org/sopt',
  coverageClass: 'http://terminology.hl7.org/CodeSystem/coverage-class',
  subscriber: 'http://terminology.hl7.org/CodeSystem/subscriber-relationship',
  endpointConnection: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
  endpointPayload: 'http://terminology.hl7.org/CodeSystem/endpoint-payload-type',
  claimType: 'http://terminology.hl7.org/CodeSystem/claim-type',
  adjudication: 'http://terminology.hl7.org/CodeSystem/adjudication',
  occupation: 'http://terminology.hl7.org/CodeSystem/PHOccupationalDataForHealthODH',
  mediaType: 'http://terminology.hl7.org/CodeSystem/media-type',
  appointmentType: 'http://terminology.hl7.org/CodeSystem/v2-0276',
  confidentiality: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  nullFlavor: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  gender: 'http://hl7.org/fhir/administrative-gender',
  historyAbsent: 'http://terminology.hl7.org/CodeSystem/history-absent-reason',
  roleCode: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
  format: 'http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode',
} as const;

export interface SandboxCoding {
  readonly system: string;
  readonly code: string;
  readonly display: string;
}

export interface SandboxConcept {
  readonly coding: readonly SandboxCoding[];
  readonly text: string;
}

export const coding = (system: keyof typeof SYSTEM, code: string, display: string): SandboxCoding => ({
  system: SYSTEM[system],
  code,
  display,
});

/** Builds a CodeableConcept. Its text defaults to the display of the first coding. */
export const conceptFromCodings = (codings: readonly SandboxCoding[], text?: string): SandboxConcept => ({
  coding: codings,
  text: text ?? codings[0]?.display ?? '',
});

export const codeableConcept = (
  system: keyof typeof SYSTEM,
  code: string,
  display: string,
  text?: string,
): SandboxConcept => conceptFromCodings([coding(system, code, display)], text);

export const quantity = (value: number, code: string, unit: string = code) => ({
  value,
  unit,
  system: SYSTEM.ucum,
  code,
});

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';

/**
 * Builds `meta` with a US Core profile, given the last part of its URL.
 * @param versions US Core versions that the resource conforms to; absent if it conforms to all that define the profile
 */
export const profileMeta = (name: string, versions?: readonly string[]) => ({
  profile: versions === undefined ? [`${US_CORE}/${name}`] : versions.map((version) => `${US_CORE}/${name}|${version}`),
});
export const usCoreExtensionUrl = (name: string): string => `${US_CORE}/${name}`;

export function roundTo(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
