/** An identifier to search for. It must have a system, which says who issued the value. */
export interface IdentifierCondition {
  readonly system: string;
  readonly value: string;
}

/**
 * Parses the condition `identifier=system|value`, the only one that this server supports (FHIR R4 §3.1.0.5.1). Returns
 * undefined for any other.
 */
export function parseIdentifierCondition(query: string): IdentifierCondition | undefined {
  const [[name, text] = ['', ''], ...others] = [...new URLSearchParams(query)];
  const at = text.indexOf('|');
  if (name !== 'identifier' || others.length > 0 || at < 1 || text.includes(',')) return undefined;
  const [system, value] = [text.slice(0, at), text.slice(at + 1)];
  return value === '' || /\0/.test(text) ? undefined : { system, value };
}

/** Parses a conditional reference such as `Patient?identifier=urn:mrn|1`. Returns undefined if the text isn't one. */
export function parseConditionalReference(text: string): { readonly type: string; readonly query: string } | undefined {
  const [, type, query] = /^([A-Z][A-Za-z]+)\?(.*)$/s.exec(text) ?? [];
  return type === undefined || query === undefined ? undefined : { type, query };
}
