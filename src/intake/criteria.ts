/** An identifier that resources are looked for by: never without its system, which says whose number it is. */
export interface IdentifierAsked {
  readonly system: string;
  readonly value: string;
}

/** Reads `identifier=system|value`, the only condition there is; undefined: it is another. FHIR R4 §3.1.0.5.1 */
export function identifierAsked(query: string): IdentifierAsked | undefined {
  const [[name, text] = ['', ''], ...others] = [...new URLSearchParams(query)];
  const at = text.indexOf('|');
  if (name !== 'identifier' || others.length > 0 || at < 1 || text.includes(',')) return undefined;
  const [system, value] = [text.slice(0, at), text.slice(at + 1)];
  return value === '' || /\0/.test(text) ? undefined : { system, value };
}

/** `Patient?identifier=urn:mrn|1` */
export function conditionalReference(text: string): { readonly type: string; readonly query: string } | undefined {
  const [, type, query] = /^([A-Z][A-Za-z]+)\?(.*)$/s.exec(text) ?? [];
  return type === undefined || query === undefined ? undefined : { type, query };
}
