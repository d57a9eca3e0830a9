/** A FHIR security label, as in `meta.security` (FHIR R4 §6.1.1). */
export interface SecurityLabel {
  readonly system: string;
  readonly code: string;
}

/** A sensitive security label. An app gets resources with this label only if the patient allows it separately. */
export interface SensitiveLabel extends SecurityLabel {
  /** Display name of the kind of information that the label marks, such as substance use treatment. */
  readonly label: LabelTranslations;
  /** Law that requires separate permission for this kind of information. */
  readonly basis: LabelTranslations;
}

/** A text in each language that the pages support. */
export type LabelTranslations = Readonly<Record<'en' | 'es', string>>;
