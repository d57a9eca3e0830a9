import { elementsAt } from '../../fhir/index.ts';
import { sanitizeText } from '../sanitize-text.ts';

const SNOMED_CT = 'http://snomed.info/sct';

/** Names of code systems, which are the same in English and Spanish. */
const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  'http://loinc.org': 'LOINC',
  [SNOMED_CT]: 'SNOMED CT',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm',
  'http://hl7.org/fhir/sid/ndc': 'NDC',
  'http://hl7.org/fhir/sid/cvx': 'CVX',
  'http://www.ama-assn.org/go/cpt': 'CPT',
  'http://hl7.org/fhir/sid/icd-10-cm': 'ICD-10-CM',
  'http://www.cms.gov/Medicare/Coding/ICD10': 'ICD-10-PCS',
  'http://hl7.org/fhir/sid/icd-9-cm': 'ICD-9-CM',
};

/**
 * The kind of a concept at the end of a fully specified name of SNOMED CT, such as "(disorder)". SNOMED CT Editorial
 * Guide: it makes the name unambiguous, and isn't a part of the terms that people use.
 */
const SEMANTIC_TAG =
  / \((?:disorder|finding|procedure|situation|qualifier value|observable entity|regime\/therapy|record artifact|physical object|substance|product|medicinal product|medicinal product form|clinical drug|body structure|morphologic abnormality|organism|event|person|occupation|social concept|environment|specimen|assessment scale|staging scale|tumor staging|navigational concept|administrative concept)\)$/;

/**
 * Returns the name of a CodeableConcept or Coding in the sender's words: its text, otherwise the display name of the
 * coding that a person selected, otherwise of another coding. Names are never translated. Without any name, returns the
 * code with its code system. A plain name of the operator comes first, and the sender's words follow in parentheses.
 * @param findPlainName finds the operator's name of a Coding
 */
export function formatConcept(
  value: unknown,
  findPlainName: (coding: unknown) => string | undefined = () => undefined,
): string | undefined {
  const sent = formatSentConcept(value);
  const plain = codingsOf(value).map(findPlainName).find(Boolean);
  if (plain === undefined || sent === undefined) return plain ?? sent;
  return plain.toLowerCase() === sent.toLowerCase() ? sent : `${plain} (${sent})`;
}

const codingsOf = (value: unknown): readonly unknown[] => {
  const codings = elementsAt(value, 'coding');
  return codings.length > 0 ? codings : [value];
};

function formatSentConcept(value: unknown): string | undefined {
  if (typeof value === 'string') return toText(value);
  const codings = codingsOf(value);
  const selected = codings.filter((coding) => elementsAt(coding, 'userSelected').includes(true));
  const name = [
    ...elementsAt(value, 'text'),
    ...[...selected, ...codings].flatMap((coding) => elementsAt(coding, 'display')),
    ...elementsAt(value, 'display'),
  ].find((text) => toText(text) !== undefined);
  if (name === undefined) return codings.map(formatCode).find((code) => code !== undefined);
  const isSnomed = codings.some((coding) => elementsAt(coding, 'system').includes(SNOMED_CT));
  const text = toText(name) ?? '';
  return isSnomed ? text.replace(SEMANTIC_TAG, '') : text;
}

/** Formats a code without a name: "LOINC 45473-6". The code of an unknown system is often a word. */
function formatCode(coding: unknown): string | undefined {
  const code = elementsAt(coding, 'code').map(toText).find(Boolean);
  const [system] = elementsAt(coding, 'system');
  const known = typeof system === 'string' && Object.hasOwn(SYSTEM_NAMES, system) ? SYSTEM_NAMES[system] : undefined;
  return code === undefined || known === undefined ? code : `${known} ${code}`;
}

function toText(value: unknown): string | undefined {
  const text = typeof value === 'string' ? sanitizeText(value) : '';
  return text === '' ? undefined : text;
}
