/**
 * Launch context that an app gets in addition to the patient. It is stored as JSON in this form. SMART App Launch 2.2
 * §2.0.10.3, §3.0.2.7
 */
export interface LaunchContext {
  readonly encounter?: string;
  readonly needPatientBanner?: boolean;
  readonly intent?: string;
  readonly fhirContext?: readonly FhirContextItem[];
}

export interface FhirContextItem {
  /** Relative reference to a resource, `Type/id`. */
  readonly reference: string;
  readonly role?: string;
}
