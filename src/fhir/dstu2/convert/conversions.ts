import { allergyIntolerance } from './allergy-intolerance.ts';
import { carePlan } from './care-plan.ts';
import { careTeam } from './care-team.ts';
import { condition } from './condition.ts';
import type { Conversion } from './conversion.ts';
import { device } from './device.ts';
import { diagnosticOrder } from './diagnostic-order.ts';
import { diagnosticReport } from './diagnostic-report.ts';
import { documentReference } from './document-reference.ts';
import { encounter } from './encounter.ts';
import { familyMemberHistory } from './family-member-history.ts';
import { goal } from './goal.ts';
import { immunization } from './immunization.ts';
import { location } from './location.ts';
import { medication } from './medication.ts';
import { medicationOrder } from './medication-order.ts';
import { medicationStatement } from './medication-statement.ts';
import { observation } from './observation.ts';
import { organization } from './organization.ts';
import { patient } from './patient.ts';
import { practitioner } from './practitioner.ts';
import { procedure } from './procedure.ts';
import { procedureRequest } from './procedure-request.ts';
import { provenance } from './provenance.ts';
import { questionnaireResponse } from './questionnaire-response.ts';
import { referralRequest } from './referral-request.ts';
import { relatedPerson } from './related-person.ts';
import { specimen } from './specimen.ts';
import { statementOfRequest } from './statement-of-request.ts';

/** Conversions of each stored type, one for each DSTU2 variant. References to the type use the first variant. */
export const CONVERSIONS: ReadonlyMap<string, readonly Conversion[]> = new Map<string, readonly Conversion[]>([
  ['Patient', [patient]],
  ['Observation', [observation]],
  ['Condition', [condition]],
  ['AllergyIntolerance', [allergyIntolerance]],
  ['MedicationRequest', [medicationOrder, statementOfRequest]],
  ['Medication', [medication]],
  ['MedicationStatement', [medicationStatement]],
  ['CarePlan', [carePlan]],
  ['CareTeam', [careTeam]],
  ['Device', [device]],
  ['DiagnosticReport', [diagnosticReport]],
  ['DocumentReference', [documentReference]],
  ['Encounter', [encounter]],
  ['FamilyMemberHistory', [familyMemberHistory]],
  ['Goal', [goal]],
  ['Immunization', [immunization]],
  ['Location', [location]],
  ['Organization', [organization]],
  ['Practitioner', [practitioner]],
  ['Procedure', [procedure]],
  ['Provenance', [provenance]],
  ['QuestionnaireResponse', [questionnaireResponse]],
  ['RelatedPerson', [relatedPerson]],
  ['ServiceRequest', [diagnosticOrder, referralRequest, procedureRequest]],
  ['Specimen', [specimen]],
]);

/** One DSTU2 type that a stored type is converted to. */
export interface Form {
  readonly stored: string;
  readonly type: string;
  /** Prefix of the stored id in the DSTU2 API, or an empty string. */
  readonly idPrefix: string;
}
export const FORMS: readonly Form[] = [...CONVERSIONS].flatMap(([stored, variants]) =>
  variants.map(({ type, idPrefix = '' }) => ({ stored, type, idPrefix })),
);
export const ARGONAUT_PROFILES: readonly string[] = [
  ...new Set([...CONVERSIONS.values()].flat().flatMap(({ profiles }) => profiles.map(({ url }) => url))),
];
