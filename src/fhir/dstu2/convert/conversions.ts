import { deviceConversion } from './administration/device.ts';
import { encounterConversion } from './administration/encounter.ts';
import { locationConversion } from './administration/location.ts';
import { organizationConversion } from './administration/organization.ts';
import { patientConversion } from './administration/patient.ts';
import { practitionerConversion } from './administration/practitioner.ts';
import { relatedPersonConversion } from './administration/related-person.ts';
import { carePlanConversion } from './care/care-plan.ts';
import { careTeamConversion } from './care/care-team.ts';
import { goalConversion } from './care/goal.ts';
import { questionnaireResponseConversion } from './care/questionnaire-response.ts';
import { allergyIntolerance } from './clinical/allergy-intolerance.ts';
import { conditionConversion } from './clinical/condition.ts';
import { familyMemberHistoryConversion } from './clinical/family-member-history.ts';
import { immunizationConversion } from './clinical/immunization.ts';
import { procedureConversion } from './clinical/procedure.ts';
import type { ResourceConversion } from './conversion.ts';
import { diagnosticReportConversion } from './findings/diagnostic-report.ts';
import { documentReferenceConversion } from './findings/document-reference.ts';
import { observationConversion } from './findings/observation.ts';
import { provenanceConversion } from './findings/provenance.ts';
import { specimenConversion } from './findings/specimen.ts';
import { medicationConversion } from './medications/medication.ts';
import { medicationOrderConversion } from './medications/medication-order.ts';
import { medicationStatementConversion } from './medications/medication-statement.ts';
import { statementFromRequestConversion } from './medications/statement-from-request.ts';
import { diagnosticOrderConversion } from './requests/diagnostic-order.ts';
import { procedureRequestConversion } from './requests/procedure-request.ts';
import { referralRequestConversion } from './requests/referral-request.ts';

/**
 * Conversions by R4 type, with one conversion for each DSTU2 type that the R4 type becomes. References to an R4 type
 * use its first DSTU2 type.
 */
export const CONVERSIONS: ReadonlyMap<string, readonly ResourceConversion[]> = new Map<
  string,
  readonly ResourceConversion[]
>([
  ['Patient', [patientConversion]],
  ['Observation', [observationConversion]],
  ['Condition', [conditionConversion]],
  ['AllergyIntolerance', [allergyIntolerance]],
  ['MedicationRequest', [medicationOrderConversion, statementFromRequestConversion]],
  ['Medication', [medicationConversion]],
  ['MedicationStatement', [medicationStatementConversion]],
  ['CarePlan', [carePlanConversion]],
  ['CareTeam', [careTeamConversion]],
  ['Device', [deviceConversion]],
  ['DiagnosticReport', [diagnosticReportConversion]],
  ['DocumentReference', [documentReferenceConversion]],
  ['Encounter', [encounterConversion]],
  ['FamilyMemberHistory', [familyMemberHistoryConversion]],
  ['Goal', [goalConversion]],
  ['Immunization', [immunizationConversion]],
  ['Location', [locationConversion]],
  ['Organization', [organizationConversion]],
  ['Practitioner', [practitionerConversion]],
  ['Procedure', [procedureConversion]],
  ['Provenance', [provenanceConversion]],
  ['QuestionnaireResponse', [questionnaireResponseConversion]],
  ['RelatedPerson', [relatedPersonConversion]],
  ['ServiceRequest', [diagnosticOrderConversion, referralRequestConversion, procedureRequestConversion]],
  ['Specimen', [specimenConversion]],
]);

/** An R4 type and one of the DSTU2 types that it is converted to. */
export interface Dstu2Variant {
  readonly stored: string;
  readonly type: string;
  /** Prefix of resource ids in the DSTU2 API, or an empty string. */
  readonly idPrefix: string;
}
export const DSTU2_VARIANTS: readonly Dstu2Variant[] = [...CONVERSIONS].flatMap(([stored, variants]) =>
  variants.map(({ type, idPrefix = '' }) => ({ stored, type, idPrefix })),
);
export const ARGONAUT_PROFILES: readonly string[] = [
  ...new Set([...CONVERSIONS.values()].flat().flatMap(({ profiles }) => profiles.map(({ url }) => url))),
];
