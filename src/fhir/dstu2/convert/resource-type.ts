/** Resource types that have the same name in R4 and DSTU2. */
const SAME_NAME = new Set(
  `Account AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary Bundle CarePlan Claim
  ClaimResponse ClinicalImpression Communication CommunicationRequest Composition ConceptMap Condition Contract
  Coverage DetectedIssue Device DeviceMetric DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference
  Encounter EnrollmentRequest EnrollmentResponse EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Flag Goal Group
  HealthcareService ImagingStudy Immunization ImmunizationRecommendation ImplementationGuide List Location Media
  Medication MedicationAdministration MedicationDispense MedicationStatement MessageHeader NamingSystem NutritionOrder
  Observation OperationDefinition OperationOutcome Organization Parameters Patient PaymentNotice PaymentReconciliation
  Person Practitioner Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RiskAssessment Schedule
  SearchParameter Slot Specimen StructureDefinition Subscription Substance SupplyDelivery SupplyRequest TestScript
  ValueSet VisionPrescription`.split(/\s+/),
);
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['CareTeam', 'CarePlan'],
  ['DeviceRequest', 'DeviceUseRequest'],
  ['MedicationRequest', 'MedicationOrder'],
]);
/** Prefix of CarePlan ids that belong to an R4 CareTeam, which DSTU2 shows as a CarePlan. */
export const CARE_TEAM_PREFIX = 'careteam-';
/**
 * Prefix of MedicationStatement ids that belong to an R4 MedicationRequest. DSTU2 shows it as a MedicationOrder too.
 */
export const MEDICATION_REQUEST_PREFIX = 'medicationrequest-';

/** Returns the DSTU2 name of an R4 type, or undefined if DSTU2 has no such type. */
export const dstu2Type = (r4: string): string | undefined => RENAMED.get(r4) ?? (SAME_NAME.has(r4) ? r4 : undefined);

/** Returns the id prefix of an R4 type in the first DSTU2 type that it becomes, or an empty string. */
export const idPrefix = (r4: string): string => (r4 === 'CareTeam' ? CARE_TEAM_PREFIX : '');
