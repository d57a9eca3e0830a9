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
const RENAMED: ReadonlyMap<string, string> = new Map([['MedicationRequest', 'MedicationOrder']]);

/** undefined: DSTU2 has no such type. */
export const dstu2Type = (r4: string): string | undefined => RENAMED.get(r4) ?? (BOTH.has(r4) ? r4 : undefined);
