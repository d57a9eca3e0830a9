/** A FHIR security label (`meta.security`). FHIR R4 §6.1.1 */
export interface SecurityLabel {
  readonly system: string;
  readonly code: string;
}

/** A security label whose resources an app may see only with separate permission, with its name for people. */
export interface SensitiveLabel extends SecurityLabel {
  /** Kind of information. */
  readonly label: LabelTranslations;
  /** The law that requires the permission. */
  readonly basis: LabelTranslations;
}

/** A text in each language of the pages. */
export type LabelTranslations = Readonly<Record<'en' | 'es', string>>;
