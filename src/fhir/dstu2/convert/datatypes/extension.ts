import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import {
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  elementConverter,
  type FhirJson,
  map,
  rename,
  type ValueConverter,
} from '../conversion-rules.ts';
import { convertAnnotation } from './annotation.ts';
import { convertCoding, convertConcept } from './coding.ts';
import {
  convertAddress,
  convertAttachment,
  convertContactPoint,
  convertHumanName,
  convertIdentifier,
  convertMoney,
  convertPeriod,
  convertQuantity,
  convertRange,
  convertRatio,
  convertSampledData,
  convertSignature,
} from './datatypes.ts';
import { referenceConverter } from './reference.ts';
import { convertTiming } from './timing.ts';

const PRIMITIVES = `Boolean Integer Decimal Base64Binary Instant String Uri Date DateTime Time Code Oid Id UnsignedInt
  PositiveInt Markdown`.split(/\s+/);
const COMPLEX: Readonly<Record<string, ValueConverter>> = {
  Address: convertAddress,
  Annotation: convertAnnotation,
  Attachment: convertAttachment,
  CodeableConcept: convertConcept,
  Coding: convertCoding,
  ContactPoint: convertContactPoint,
  HumanName: convertHumanName,
  Identifier: convertIdentifier,
  Period: convertPeriod,
  Quantity: convertQuantity,
  Range: convertRange,
  Ratio: convertRatio,
  Reference: referenceConverter(),
  SampledData: convertSampledData,
  Signature: convertSignature,
  Timing: convertTiming,
};
/**
 * Extension values of datatypes that are newer than DSTU2, with the DSTU2 datatype that can hold them. Values of other
 * new datatypes (Expression, Dosage, …) are lost.
 */
const LATER_DATATYPES: Readonly<Record<string, ConversionRule>> = {
  valueCanonical: rename('valueUri'),
  valueUrl: rename('valueUri'),
  valueUuid: rename('valueUri'),
  valueAge: map(convertQuantity, 'valueQuantity'),
  valueCount: map(convertQuantity, 'valueQuantity'),
  valueDistance: map(convertQuantity, 'valueQuantity'),
  valueDuration: map(convertQuantity, 'valueQuantity'),
  valueMoney: map(convertMoney, 'valueQuantity'),
};

const convertAnyExtension = elementConverter({
  url: copy,
  ...Object.fromEntries(PRIMITIVES.map((type) => [`value${type}`, copy])),
  ...Object.fromEntries(Object.entries(COMPLEX).map(([type, convert]) => [`value${type}`, map(convert)])),
  ...LATER_DATATYPES,
});

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const ARGONAUT = 'http://fhir.org/guides/argonaut/StructureDefinition';
const FHIR = 'http://hl7.org/fhir/StructureDefinition';
/**
 * DSTU2 URLs of extensions whose URL differs from R4. Other extensions keep their URL, since DSTU2 allows unknown
 * extensions.
 */
const RENAMED: ReadonlyMap<string, string> = new Map([
  [`${US_CORE}/us-core-race`, `${ARGONAUT}/argo-race`],
  [`${US_CORE}/us-core-ethnicity`, `${ARGONAUT}/argo-ethnicity`],
  [`${US_CORE}/us-core-birthsex`, `${ARGONAUT}/argo-birthsex`],
  [`${FHIR}/patient-birthPlace`, `${FHIR}/birthPlace`],
]);

export const DATA_ABSENT_REASONS: CodeMap = codeMap({
  unknown: 'unknown',
  'asked-unknown': 'asked',
  'temp-unknown': 'temp',
  'not-asked': 'not-asked',
  'asked-declined': 'asked',
  masked: 'masked',
  'not-applicable': 'unknown',
  unsupported: 'unsupported',
  'as-text': 'astext',
  error: 'error',
  'not-a-number': 'NaN',
  'negative-infinity': 'NaN',
  'positive-infinity': 'NaN',
  'not-performed': 'unknown',
  'not-permitted': 'unknown',
});
/**
 * DSTU2 codes of extensions whose value has a required binding. If DSTU2 lacks the code, the whole extension is left
 * out.
 */
const CODES: ReadonlyMap<string, CodeMap> = new Map([
  [`${FHIR}/data-absent-reason`, DATA_ABSENT_REASONS],
  [`${US_CORE}/us-core-birthsex`, codeMap({ F: 'F', M: 'M', UNK: 'UNK' })],
]);

export const convertExtension: ValueConverter = (value, context) => {
  const converted = convertAnyExtension(value, context);
  if (!isObject(value) || !isObject(converted) || !hasContent(converted)) return undefined;
  const url = nonEmptyText(converted['url']) ?? '';
  const whole = { ...withCdcSystem(converted, CDC_SYSTEMS.get(url)), url: RENAMED.get(url) ?? url };
  const table = CODES.get(url);
  if (table === undefined) return whole;
  const code = table.get(nonEmptyText(converted['valueCode']) ?? '');
  return code === undefined ? undefined : { ...whole, valueCode: code };
};

/**
 * OID of the CDC code system for race and ethnicity, which US Core uses. Argonaut uses two DSTU2 code systems with the
 * same codes instead: v3/Race and v3/Ethnicity.
 */
export const CDC_RACE_AND_ETHNICITY = 'urn:oid:2.16.840.1.113883.6.238';
const CDC_SYSTEMS: ReadonlyMap<string, string> = new Map([
  [`${US_CORE}/us-core-race`, 'http://hl7.org/fhir/v3/Race'],
  [`${US_CORE}/us-core-ethnicity`, 'http://hl7.org/fhir/v3/Ethnicity'],
]);
export const DSTU2_CDC_SYSTEMS: readonly string[] = [...CDC_SYSTEMS.values()];

function withCdcSystem(converted: FhirJson, system: string | undefined): FhirJson {
  if (system === undefined) return converted;
  const parts = objectsIn(converted['extension']).map((part) => {
    const { valueCoding: coding } = part;
    return isObject(coding) && coding['system'] === CDC_RACE_AND_ETHNICITY
      ? { ...part, valueCoding: { ...coding, system } }
      : part;
  });
  return parts.length === 0 ? converted : { ...converted, extension: parts };
}

const hasContent = (converted: FhirJson): boolean =>
  Object.keys(converted).some((name) => name === 'extension' || /^_?value/.test(name));
