/**
 * Launch context that an app gets besides the patient. Stored as JSON in this form. SMART App Launch 2.2 §2.0.10.3,
 * §3.0.2.7
 */
export interface LaunchContext {
  readonly encounter?: string;
  readonly needPatientBanner?: boolean;
  readonly intent?: string;
  readonly fhirContext?: readonly FhirContextItem[];
}

export interface FhirContextItem {
  /** Relative reference, `Type/id`. */
  readonly reference: string;
  readonly role?: string;
}
