/** A security label of FHIR, as entries carry it in `meta.security`. FHIR R4 §6.1.1 */
export interface SecurityLabel {
  readonly system: string;
  readonly code: string;
}

/** How what a person chose names a label. */
export const labelKey = ({ system, code }: SecurityLabel): string => `sensitive:${system}|${code}`;

/** Of the labels that are sensitive here, those that were not allowed. @param allowed keys */
export const withheldOf = (sensitive: readonly SecurityLabel[], allowed: readonly string[]): readonly SecurityLabel[] =>
  sensitive.filter((label) => !allowed.includes(labelKey(label)));
