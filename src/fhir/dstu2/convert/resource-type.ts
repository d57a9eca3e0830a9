/** The types that both versions have under one name. */
const BOTH = new Set(
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
/** Both live among CarePlans: an id would not tell which one is meant. */
export const CARE_TEAM_PREFIX = 'careteam-';
/** As both MedicationRequests and MedicationStatements live among MedicationStatements. */
export const MEDICATION_REQUEST_PREFIX = 'medicationrequest-';

/** undefined: DSTU2 has no such type. */
export const dstu2Type = (r4: string): string | undefined => RENAMED.get(r4) ?? (BOTH.has(r4) ? r4 : undefined);

/** What stands before the id of a stored resource where DSTU2 has it under its first name there. */
export const idPrefix = (r4: string): string => (r4 === 'CareTeam' ? CARE_TEAM_PREFIX : '');
