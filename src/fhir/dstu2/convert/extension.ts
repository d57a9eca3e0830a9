import { annotation } from './annotation.ts';
import { coding, concept } from './coding.ts';
import {
  address,
  attachment,
  contactPoint,
  humanName,
  identifier,
  money,
  period,
  quantity,
  range,
  ratio,
  sampledData,
  signature,
} from './datatypes.ts';
import {
  type Codes,
  type Convert,
  codes,
  isObject,
  type Json,
  kept,
  keptAs,
  objectsIn,
  of,
  type Rule,
  shape,
  textOf,
} from './element.ts';
import { reference } from './reference.ts';
import { timing } from './timing.ts';

const PRIMITIVES = `Boolean Integer Decimal Base64Binary Instant String Uri Date DateTime Time Code Oid Id UnsignedInt
  PositiveInt Markdown`.split(/\s+/);
const COMPLEX: Readonly<Record<string, Convert>> = {
  Address: address,
  Annotation: annotation,
  Attachment: attachment,
  CodeableConcept: concept,
  Coding: coding,
  ContactPoint: contactPoint,
  HumanName: humanName,
  Identifier: identifier,
  Period: period,
  Quantity: quantity,
  Range: range,
  Ratio: ratio,
  Reference: reference(),
  SampledData: sampledData,
  Signature: signature,
  Timing: timing,
};
/** Datatypes of later versions, with the DSTU2 type that can hold them. All others (Expression, Dosage, …) are lost. */
const LATER_DATATYPES: Readonly<Record<string, Rule>> = {
  valueCanonical: keptAs('valueUri'),
  valueUrl: keptAs('valueUri'),
  valueUuid: keptAs('valueUri'),
  valueAge: of(quantity, 'valueQuantity'),
  valueCount: of(quantity, 'valueQuantity'),
  valueDistance: of(quantity, 'valueQuantity'),
  valueDuration: of(quantity, 'valueQuantity'),
  valueMoney: of(money, 'valueQuantity'),
};

const convertAnyExtension = shape({
  url: kept,
  ...Object.fromEntries(PRIMITIVES.map((type) => [`value${type}`, kept])),
  ...Object.fromEntries(Object.entries(COMPLEX).map(([type, convert]) => [`value${type}`, of(convert)])),
  ...LATER_DATATYPES,
});

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const ARGONAUT = 'http://fhir.org/guides/argonaut/StructureDefinition';
const FHIR = 'http://hl7.org/fhir/StructureDefinition';
/** Extensions with another URL in DSTU2. All others keep their URL, since DSTU2 allows unknown extensions. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  [`${US_CORE}/us-core-race`, `${ARGONAUT}/argo-race`],
  [`${US_CORE}/us-core-ethnicity`, `${ARGONAUT}/argo-ethnicity`],
  [`${US_CORE}/us-core-birthsex`, `${ARGONAUT}/argo-birthsex`],
  [`${FHIR}/patient-birthPlace`, `${FHIR}/birthPlace`],
]);

export const DATA_ABSENT: Codes = codes({
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
/** Extensions whose value has a required binding. If DSTU2 lacks the code, the whole extension is left out. */
const CODES: ReadonlyMap<string, Codes> = new Map([
  [`${FHIR}/data-absent-reason`, DATA_ABSENT],
  [`${US_CORE}/us-core-birthsex`, codes({ F: 'F', M: 'M', UNK: 'UNK' })],
]);

export const extension: Convert = (value, context) => {
  const converted = convertAnyExtension(value, context);
  if (!isObject(value) || !isObject(converted) || !hasContent(converted)) return undefined;
  const url = textOf(converted['url']) ?? '';
  const whole = { ...withCdcSystem(converted, CDC_SYSTEMS.get(url)), url: RENAMED.get(url) ?? url };
  const table = CODES.get(url);
  if (table === undefined) return whole;
  const code = table.get(textOf(converted['valueCode']) ?? '');
  return code === undefined ? undefined : { ...whole, valueCode: code };
};

/** Argonaut binds race and ethnicity to the DSTU2 name of the CDC code system; US Core uses its OID. */
export const CDC = 'urn:oid:2.16.840.1.113883.6.238';
const CDC_SYSTEMS: ReadonlyMap<string, string> = new Map([
  [`${US_CORE}/us-core-race`, 'http://hl7.org/fhir/v3/Race'],
  [`${US_CORE}/us-core-ethnicity`, 'http://hl7.org/fhir/v3/Ethnicity'],
]);
export const CDC_SYSTEM_NAMES: readonly string[] = [...CDC_SYSTEMS.values()];

function withCdcSystem(converted: Json, system: string | undefined): Json {
  if (system === undefined) return converted;
  const parts = objectsIn(converted['extension']).map((part) => {
    const { valueCoding: coding } = part;
    return isObject(coding) && coding['system'] === CDC ? { ...part, valueCoding: { ...coding, system } } : part;
  });
  return parts.length === 0 ? converted : { ...converted, extension: parts };
}

const hasContent = (converted: Json): boolean =>
  Object.keys(converted).some((name) => name === 'extension' || /^_?value/.test(name));
