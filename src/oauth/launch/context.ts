/** SMART App Launch 2.2 §2.0.10.3, §3.0.2.7: what a launch tells the app beside the patient. As stored, and as JSON. */
export interface LaunchContext {
  readonly encounter?: string;
  readonly needPatientBanner?: boolean;
  readonly intent?: string;
  readonly fhirContext?: readonly FhirContextItem[];
}

export interface FhirContextItem {
  /** Relative: `Type/id`. */
  readonly reference: string;
  readonly role?: string;
}
