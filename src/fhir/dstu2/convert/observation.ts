import { noteText } from './annotation.ts';
import { meetsLaboratory, meetsSmokingStatus, meetsVitalSigns, SMOKING_STATUS } from './argonaut-observation.ts';
import { codeIn, concept, conceptOf, hasCoding, LOINC, type Recoding, recoded, recodings, wordsOf } from './coding.ts';
import { argonaut, type Conversion, isUnclearCode } from './conversion.ts';
import { identifier, period, quantity, range, ratio, sampledData } from './datatypes.ts';
import {
  type Codes,
  coded,
  codes,
  type Draft,
  dropped,
  isObject,
  type Json,
  kept,
  keptAs,
  listOf,
  objectsIn,
  of,
  type Rule,
  readElsewhere,
  shape,
  single,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { DATA_ABSENT } from './extension.ts';
import { isInstant } from './instant.ts';
import { gravest } from './interpretation.ts';
import { reference } from './reference.ts';
import { referenceRange } from './reference-range.ts';

export const OBSERVATION_STATUS: Codes = codes({
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
/** Added in R4. DSTU2 has no code for it, so the category also gets a text. */
const ACTIVITY = 'activity';

/** DSTU2 allows one category: the first that DSTU2 defines, else the first from R4's code system, else the first. */
const category: Rule = single((from, name, into, context) => {
  const all = objectsIn(from[name]);
  const known = (one: Json) => ![undefined, ACTIVITY].includes(codeIn(one, CATEGORY));
  const chosen = all.find(known) ?? all.find((one) => codeIn(one, CATEGORY) !== undefined) ?? all[0];
  const converted = concept(chosen, context);
  if (chosen === undefined || !isObject(converted)) return;
  into[name] = codeIn(chosen, CATEGORY) === ACTIVITY ? { ...converted, text: wordsOf(chosen) } : converted;
});

/** Argonaut uses the former LOINC code of a blood pressure panel. Both codes are served. */
export const BLOOD_PRESSURE = { now: '85354-9', before: '55284-4' } as const;
const code: Rule = (from, name, into, context) => {
  const converted = concept(from[name], context);
  if (!isObject(converted)) return;
  const lacksOld =
    hasCoding(converted, LOINC, BLOOD_PRESSURE.now) && !hasCoding(converted, LOINC, BLOOD_PRESSURE.before);
  const old = { system: LOINC, code: BLOOD_PRESSURE.before, display: 'Blood pressure systolic and diastolic' };
  into[name] = lacksOld ? { ...converted, coding: [...listOf(converted['coding']), old] } : converted;
};

const YES_NO = 'http://hl7.org/fhir/v2/0136';
const valueRules: Readonly<Record<string, Rule>> = {
  valueQuantity: of(quantity),
  valueCodeableConcept: of(concept),
  valueString: kept,
  valueBoolean: (from, name, into) => {
    if (typeof from[name] !== 'boolean') return;
    const [yesOrNo, display] = from[name] ? ['Y', 'Yes'] : ['N', 'No'];
    into['valueCodeableConcept'] = { coding: [{ system: YES_NO, code: yesOrNo, display }] };
  },
  valueInteger: (from, name, into, context) => {
    const converted = quantity({ value: from[name] }, context);
    if (converted !== undefined) into['valueQuantity'] = converted;
  },
  valueRange: of(range),
  valueRatio: of(ratio),
  valueSampledData: of(sampledData),
  valueTime: kept,
  valueDateTime: kept,
  valuePeriod: of(period),
};

const ABSENT_REASON = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
export const ABSENT: Recoding = new Map(
  recodings(ABSENT_REASON, 'http://hl7.org/fhir/data-absent-reason', Object.fromEntries(DATA_ABSENT)),
);
/**
 * R4 codes whose DSTU2 code says less: declining to answer is not the same as not knowing, and infinity is a number.
 * They also get a text.
 */
const CODES_WITH_TEXT =
  `not-applicable asked-declined negative-infinity positive-infinity not-performed not-permitted`.split(' ');
const convertAbsentReason = conceptOf(recoded(ABSENT));
const dataAbsentReason: Rule = of((value, context) => {
  const converted = convertAbsentReason(value, context);
  if (!isObject(value) || !isObject(converted) || !CODES_WITH_TEXT.includes(codeIn(value, ABSENT_REASON) ?? ''))
    return converted;
  return { ...converted, text: wordsOf(value) };
});

/** A component without a code is dropped. */
const component = shape(
  {
    code: of(concept),
    ...valueRules,
    dataAbsentReason,
    interpretation: dropped,
    referenceRange: of(referenceRange),
  },
  'code',
);

const relatedReference = reference('Observation', 'QuestionnaireResponse');
/** DSTU2 lists members and sources in one element. */
const appendRelated =
  (type: string): Rule =>
  (from, name, into, context) => {
    const targets = objectsIn(from[name]).map((one) => relatedReference(one, context));
    const entries = targets
      .filter((one) => isObject(one) && one['reference'] !== undefined)
      .map((target) => ({ type, target }));
    if (entries.length > 0) into['related'] = [...listOf(into['related']), ...entries];
  };

const performers = ['Practitioner', 'Organization', 'Patient', 'RelatedPerson'];

export const observation: Conversion = {
  type: 'Observation',
  rules: resourceRules({
    identifier: of(identifier),
    basedOn: dropped,
    partOf: dropped,
    status: coded(OBSERVATION_STATUS),
    category,
    code,
    subject: of(reference('Patient', 'Group', 'Device', 'Location')),
    focus: readElsewhere,
    encounter: of(reference('Encounter')),
    effectiveDateTime: kept,
    effectivePeriod: of(period),
    effectiveTiming: dropped,
    effectiveInstant: keptAs('effectiveDateTime'),
    issued: kept,
    performer: of(reference(...performers)),
    ...valueRules,
    dataAbsentReason,
    interpretation: gravest,
    note: noteText('comments'),
    bodySite: of(concept),
    method: of(concept),
    specimen: of(reference('Specimen')),
    device: of(reference('Device', 'DeviceMetric')),
    referenceRange: of(referenceRange),
    hasMember: appendRelated('has-member'),
    derivedFrom: appendRelated('derived-from'),
    component: of(component),
  }),
  hiddenBy: (from) => {
    if (hasOtherFocus(from)) return 'focus-not-subject';
    return isUnclearCode(from['status'], OBSERVATION_STATUS) ? 'status-not-understood' : undefined;
  },
  complete,
  required: ['code'],
  profiles: [
    argonaut('observationresults', meetsLaboratory),
    argonaut('smokingstatus', meetsSmokingStatus),
    argonaut('vitalsigns', meetsVitalSigns),
  ],
};

/** DSTU2 has no `focus`. A finding about a fetus or a donor would be read as one about the patient, so it is hidden. */
function hasOtherFocus(from: Json): boolean {
  const subject = isObject(from['subject']) ? from['subject']['reference'] : undefined;
  return [from['focus'] ?? []]
    .flat()
    .some((one) => !isObject(one) || one['reference'] === undefined || one['reference'] !== subject);
}

/** Argonaut requires `issued` for a smoking status. US Core does not, so the time of the observation is used. */
function complete(into: Draft): void {
  const time = textOf(into['effectiveDateTime']);
  if (into['issued'] !== undefined || !isInstant(time)) return;
  if (hasCoding(into['code'], LOINC, SMOKING_STATUS)) into['issued'] = time;
}
