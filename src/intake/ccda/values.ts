import { LosslessNumber } from 'lossless-json';
import { type FhirObject, present } from './fhir-object.ts';
import { toFhirDateTime } from './timestamp.ts';
import { attributeAt, type CdaNode, contentAt, nodeAt, nodesAt } from './tree.ts';

export const SNOMED = 'http://snomed.info/sct';
const UCUM = 'http://unitsofmeasure.org';

/** Code systems of C-CDA documents with their URLs in FHIR (HL7 Terminology). */
const CODE_SYSTEMS: Readonly<Record<string, string>> = {
  '2.16.840.1.113883.6.1': 'http://loinc.org',
  '2.16.840.1.113883.6.96': SNOMED,
  '2.16.840.1.113883.6.88': 'http://www.nlm.nih.gov/research/umls/rxnorm',
  '2.16.840.1.113883.6.69': 'http://hl7.org/fhir/sid/ndc',
  '2.16.840.1.113883.12.292': 'http://hl7.org/fhir/sid/cvx',
  '2.16.840.1.113883.6.59': 'http://hl7.org/fhir/sid/cvx',
  '2.16.840.1.113883.6.12': 'http://www.ama-assn.org/go/cpt',
  '2.16.840.1.113883.6.285': 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets',
  '2.16.840.1.113883.6.90': 'http://hl7.org/fhir/sid/icd-10-cm',
  '2.16.840.1.113883.6.4': 'http://www.cms.gov/Medicare/Coding/ICD10',
  '2.16.840.1.113883.6.103': 'http://hl7.org/fhir/sid/icd-9-cm',
  '2.16.840.1.113883.6.101': 'http://nucc.org/provider-taxonomy',
  '2.16.840.1.113883.3.26.1.1': 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl',
  '2.16.840.1.113883.4.9': 'http://fdasis.nlm.nih.gov',
  '2.16.840.1.113883.5.4': 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  '2.16.840.1.113883.5.8': 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  '2.16.840.1.113883.5.83': 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation',
  '2.16.840.1.113883.5.85': 'http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm',
  '2.16.840.1.113883.5.88': 'http://terminology.hl7.org/CodeSystem/v3-ParticipationFunction',
  '2.16.840.1.113883.5.111': 'http://terminology.hl7.org/CodeSystem/v3-RoleCode',
};

/** Identifier systems of C-CDA documents with their URLs in FHIR. */
const IDENTIFIER_SYSTEMS: Readonly<Record<string, string>> = {
  '2.16.840.1.113883.4.1': 'http://hl7.org/fhir/sid/us-ssn',
  '2.16.840.1.113883.4.6': 'http://hl7.org/fhir/sid/us-npi',
};

/** URLs that the conversion library writes for code systems, with the URLs that FHIR defines. */
export const CODE_SYSTEM_FIXES: Readonly<Record<string, string>> = {
  'http://terminology.hl7.org/CodeSystem/condition-verification':
    'http://terminology.hl7.org/CodeSystem/condition-ver-status',
  'http://nucc.org/cvx': 'http://hl7.org/fhir/sid/cvx',
  'http://ncithesaurus-stage.nci.nih.gov': 'http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl',
  ...Object.fromEntries(Object.entries(CODE_SYSTEMS).map(([oid, url]) => [`urn:oid:${oid}`, url])),
};

/** Names of codes that C-CDA templates require. Documents often leave out their names. */
const DEFAULT_NAMES: Readonly<Record<string, string>> = {
  '72166-2': 'Tobacco smoking status',
  '11367-0': 'History of tobacco use',
  '82810-3': 'Pregnancy status',
  '75278-2': 'Advance directive',
  '75320-2': 'Advance directive',
  '45473-6': 'Advance directive - living will',
  '75321-0': 'Clinical finding',
};

/**
 * Converts a coded value (CDA data type CD) with its translations. The name of the code comes before the original text:
 * in real documents, that can be the text of another entry.
 */
export function toConcept(node: CdaNode | undefined): FhirObject | undefined {
  if (node === undefined) return undefined;
  const coding = [node, ...nodesAt(node, 'translation')].map(toCoding).filter((one) => one !== undefined);
  return present({
    coding,
    text:
      coding.find((one) => one['code'] === attributeAt(node, 'code'))?.['display'] ??
      contentAt(node, 'originalText') ??
      coding.map((one) => one['display']).find((one) => one !== undefined) ??
      DEFAULT_NAMES[attributeAt(node, 'code') ?? ''],
  });
}

export function toCoding(node: CdaNode): FhirObject | undefined {
  // A code with a nullFlavor is unknown. `OTH` means that the code system has no code for it.
  if (!['OTH', undefined].includes(attributeAt(node, 'nullFlavor'))) return undefined;
  const code = attributeAt(node, 'code');
  const system = attributeAt(node, 'codeSystem');
  const display = attributeAt(node, 'displayName');
  if (code === undefined && display === undefined) return undefined;
  return present({ system: system && (CODE_SYSTEMS[system] ?? `urn:oid:${system}`), code, display });
}

/** Number with all digits that the document has, or undefined. */
export const toDecimal = (text: string | undefined): LosslessNumber | undefined =>
  text !== undefined && /^[+-]?\d+(?:\.\d+)?$/.test(text.trim())
    ? new LosslessNumber(
        text
          .trim()
          .replace(/^\+/, '')
          .replace(/^(-?)0+(?=\d)/, '$1'),
      )
    : undefined;

/**
 * Converts a physical quantity (CDA data type PQ). Its unit is a UCUM code. `1` is the unit of a mere number. A unit
 * outside UCUM is in the translation.
 * @param unit unit of a quantity that has none itself, such as tablets
 */
export function toQuantity(node: CdaNode | undefined, unit?: string): FhirObject | undefined {
  const value = toDecimal(attributeAt(node, 'value'));
  if (value !== undefined) {
    const code = attributeAt(node, 'unit');
    if (code !== undefined && code !== '1') return { value, unit: code, system: UCUM, code };
    return present({ value, unit });
  }
  const [translation] = nodesAt(node, 'translation');
  const translated = toDecimal(attributeAt(translation, 'value'));
  if (translated === undefined) return undefined;
  return present({
    value: translated,
    unit: contentAt(translation, 'originalText') ?? attributeAt(translation, 'displayName'),
  });
}

/** Converts an interval of quantities (IVL_PQ). An open interval is a quantity with a comparator, as C-CDA on FHIR says. */
export function toRange(node: CdaNode | undefined, unit?: string): { range?: FhirObject; quantity?: FhirObject } {
  const [lowNode, highNode] = [nodeAt(node, 'low'), nodeAt(node, 'high')];
  const [low, high] = [toQuantity(lowNode, unit), toQuantity(highNode, unit)];
  if (low !== undefined && high !== undefined) return { range: { low, high } };
  const isOpen = (bound: CdaNode | undefined) => attributeAt(bound, 'inclusive') === 'false';
  if (low !== undefined) return { quantity: { ...low, comparator: isOpen(lowNode) ? '>' : '>=' } };
  if (high !== undefined) return { quantity: { ...high, comparator: isOpen(highNode) ? '<' : '<=' } };
  return {};
}

/** Converts ids. An id without an extension is a UUID or OID itself (RFC 3986 URN). */
export function toIdentifiers(ids: readonly CdaNode[]): readonly FhirObject[] {
  return ids.flatMap((id) => {
    const [root, value] = [attributeAt(id, 'root'), attributeAt(id, 'extension')];
    if (root === undefined) return [];
    if (value !== undefined) return [{ system: IDENTIFIER_SYSTEMS[root] ?? toUrn(root), value }];
    return [{ system: 'urn:ietf:rfc:3986', value: toUrn(root) }];
  });
}

const toUrn = (root: string): string => (/^[0-9.]+$/.test(root) ? `urn:oid:${root}` : `urn:uuid:${root.toLowerCase()}`);

/** The time of a statement, as its only timestamp or as an interval. */
export function toTiming(
  node: CdaNode | undefined,
  timeZone: string,
): { readonly at?: string | undefined; readonly start?: string | undefined; readonly end?: string | undefined } {
  const convert = (path: string) => {
    const text = attributeAt(node, path);
    return text === undefined ? undefined : toFhirDateTime(text, timeZone);
  };
  const [start, end] = [convert('low.value'), convert('high.value')];
  const at = convert('value') ?? convert('center.value');
  if (at !== undefined) return { at };
  return start !== undefined && start === end ? { at: start } : { start, end };
}

/** Returns a dateTime or Period, under the names that an element of two types has, such as performedDateTime. */
export function timingElements(name: string, node: CdaNode | undefined, timeZone: string): FhirObject {
  const { at, start, end } = toTiming(node, timeZone);
  return { [`${name}DateTime`]: at, [`${name}Period`]: at === undefined ? present({ start, end }) : undefined };
}
