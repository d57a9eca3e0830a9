import { isObject, nonEmptyText, objectsIn, toList } from '../../../../kernel/index.ts';
import { isInstant } from '../../../model/instant.ts';
import { argonautProfile, isUnmappedCode, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  markSingle,
  rename,
} from '../conversion-rules.ts';
import { annotationsAsString } from '../datatypes/annotation.ts';
import {
  type CodingMap,
  codingConverter,
  codingMapEntries,
  conceptConverter,
  conceptText,
  convertConcept,
  findCode,
  hasCoding,
  LOINC,
} from '../datatypes/coding.ts';
import {
  convertIdentifier,
  convertPeriod,
  convertQuantity,
  convertRange,
  convertRatio,
  convertSampledData,
} from '../datatypes/datatypes.ts';
import { DATA_ABSENT_REASONS } from '../datatypes/extension.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';
import {
  meetsLaboratoryProfile,
  meetsSmokingStatusProfile,
  meetsVitalSignsProfile,
  SMOKING_STATUS,
} from './argonaut-observation.ts';
import { mapMostSevereInterpretation } from './interpretation.ts';
import { convertReferenceRange } from './reference-range.ts';

export const OBSERVATION_STATUS: CodeMap = codeMap({
  registered: 'registered',
  preliminary: 'preliminary',
  final: 'final',
  amended: 'amended',
  corrected: 'amended',
  cancelled: 'cancelled',
  'entered-in-error': 'entered-in-error',
  unknown: 'unknown',
});

const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';
/** R4 category code for which DSTU2 has no code. A category with this code therefore also gets a text. */
const ACTIVITY = 'activity';

/**
 * Converts Observation.category. DSTU2 allows one: the first that DSTU2 defines, else the first from R4's code system,
 * else the first of all.
 */
const category: ConversionRule = markSingle((from, name, into, context) => {
  const all = objectsIn(from[name]);
  const known = (one: FhirJson) => ![undefined, ACTIVITY].includes(findCode(one, CATEGORY));
  const chosen = all.find(known) ?? all.find((one) => findCode(one, CATEGORY) !== undefined) ?? all[0];
  const converted = convertConcept(chosen, context);
  if (chosen === undefined || !isObject(converted)) return;
  into[name] = findCode(chosen, CATEGORY) === ACTIVITY ? { ...converted, text: conceptText(chosen) } : converted;
});

/**
 * Current and older LOINC code of a blood pressure panel. DSTU2 resources get both, because Argonaut uses the older
 * code.
 */
export const BLOOD_PRESSURE_CODES = { now: '85354-9', before: '55284-4' } as const;
const code: ConversionRule = (from, name, into, context) => {
  const converted = convertConcept(from[name], context);
  if (!isObject(converted)) return;
  const lacksOld =
    hasCoding(converted, LOINC, BLOOD_PRESSURE_CODES.now) && !hasCoding(converted, LOINC, BLOOD_PRESSURE_CODES.before);
  const old = { system: LOINC, code: BLOOD_PRESSURE_CODES.before, display: 'Blood pressure systolic and diastolic' };
  into[name] = lacksOld ? { ...converted, coding: [...toList(converted['coding']), old] } : converted;
};

const YES_NO = 'http://hl7.org/fhir/v2/0136';
const valueRules: Readonly<Record<string, ConversionRule>> = {
  valueQuantity: map(convertQuantity),
  valueCodeableConcept: map(convertConcept),
  valueString: copy,
  valueBoolean: (from, name, into) => {
    if (typeof from[name] !== 'boolean') return;
    const [yesOrNo, display] = from[name] ? ['Y', 'Yes'] : ['N', 'No'];
    into['valueCodeableConcept'] = { coding: [{ system: YES_NO, code: yesOrNo, display }] };
  },
  valueInteger: (from, name, into, context) => {
    const converted = convertQuantity({ value: from[name] }, context);
    if (converted !== undefined) into['valueQuantity'] = converted;
  },
  valueRange: map(convertRange),
  valueRatio: map(convertRatio),
  valueSampledData: map(convertSampledData),
  valueTime: copy,
  valueDateTime: copy,
  valuePeriod: map(convertPeriod),
};

const ABSENT_REASON = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
export const DATA_ABSENT_REASON_CODINGS: CodingMap = new Map(
  codingMapEntries(ABSENT_REASON, 'http://hl7.org/fhir/data-absent-reason', Object.fromEntries(DATA_ABSENT_REASONS)),
);
/**
 * R4 data-absent reasons whose DSTU2 code says less: declining to answer is not the same as not knowing, and infinity
 * is a number. A converted concept with one of these reasons also gets a text, which says the R4 reason.
 */
const CODES_WITH_TEXT =
  `not-applicable asked-declined negative-infinity positive-infinity not-performed not-permitted`.split(' ');
const convertAbsentReason = conceptConverter(codingConverter(DATA_ABSENT_REASON_CODINGS));
const dataAbsentReason: ConversionRule = map((value, context) => {
  const converted = convertAbsentReason(value, context);
  if (!isObject(value) || !isObject(converted) || !CODES_WITH_TEXT.includes(findCode(value, ABSENT_REASON) ?? ''))
    return converted;
  return { ...converted, text: conceptText(value) };
});

/** Converts Observation.component. A component without a code is dropped. */
const component = elementConverter(
  {
    code: map(convertConcept),
    ...valueRules,
    dataAbsentReason,
    interpretation: drop,
    referenceRange: map(convertReferenceRange),
  },
  'code',
);

const relatedReference = referenceConverter('Observation', 'QuestionnaireResponse');
/** Converts Observation.hasMember or derivedFrom. DSTU2 has one element, `related`, for both. */
const appendRelated =
  (type: string): ConversionRule =>
  (from, name, into, context) => {
    const targets = objectsIn(from[name]).map((one) => relatedReference(one, context));
    const entries = targets
      .filter((one) => isObject(one) && one['reference'] !== undefined)
      .map((target) => ({ type, target }));
    if (entries.length > 0) into['related'] = [...toList(into['related']), ...entries];
  };

const performers = ['Practitioner', 'Organization', 'Patient', 'RelatedPerson'];

export const observationConversion: ResourceConversion = {
  type: 'Observation',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    basedOn: drop,
    partOf: drop,
    status: mapCode(OBSERVATION_STATUS),
    category,
    code,
    subject: map(referenceConverter('Patient', 'Group', 'Device', 'Location')),
    focus: handledElsewhere,
    encounter: map(referenceConverter('Encounter')),
    effectiveDateTime: copy,
    effectivePeriod: map(convertPeriod),
    effectiveTiming: drop,
    effectiveInstant: rename('effectiveDateTime'),
    issued: copy,
    performer: map(referenceConverter(...performers)),
    ...valueRules,
    dataAbsentReason,
    interpretation: mapMostSevereInterpretation,
    note: annotationsAsString('comments'),
    bodySite: map(convertConcept),
    method: map(convertConcept),
    specimen: map(referenceConverter('Specimen')),
    device: map(referenceConverter('Device', 'DeviceMetric')),
    referenceRange: map(convertReferenceRange),
    hasMember: appendRelated('has-member'),
    derivedFrom: appendRelated('derived-from'),
    component: map(component),
  }),
  hiddenBy: (from) => {
    if (hasOtherFocus(from)) return 'focus-not-subject';
    return isUnmappedCode(from['status'], OBSERVATION_STATUS) ? 'status-not-understood' : undefined;
  },
  complete,
  required: ['code'],
  profiles: [
    argonautProfile('observationresults', meetsLaboratoryProfile),
    argonautProfile('smokingstatus', meetsSmokingStatusProfile),
    argonautProfile('vitalsigns', meetsVitalSignsProfile),
  ],
};

/**
 * Whether an Observation has a focus other than its subject. DSTU2 has no `focus`, so a finding about a fetus or a
 * donor would look like one about the patient. Such an Observation is hidden.
 */
function hasOtherFocus(from: FhirJson): boolean {
  const subject = isObject(from['subject']) ? from['subject']['reference'] : undefined;
  return [from['focus'] ?? []]
    .flat()
    .some((one) => !isObject(one) || one['reference'] === undefined || one['reference'] !== subject);
}

/**
 * Adds `issued` from the time of the observation, because Argonaut requires it for a smoking status and US Core does
 * not.
 */
function complete(into: DraftElement): void {
  const time = nonEmptyText(into['effectiveDateTime']);
  if (into['issued'] !== undefined || !isInstant(time)) return;
  if (hasCoding(into['code'], LOINC, SMOKING_STATUS)) into['issued'] = time;
}
