import { isObject, nonEmptyText, objectsIn, toList } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  drop,
  elementConverter,
  type FhirJson,
  map,
  mapFirst,
  markSingle,
  rename,
} from '../conversion-rules.ts';
import { annotationsAsString } from '../datatypes/annotation.ts';
import {
  type CodingMap,
  codingConverter,
  codingMapEntries,
  codingsIn,
  conceptConverter,
  convertConcept,
  findCode,
  hasUnmappedStatus,
} from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod, convertQuantity, convertRange } from '../datatypes/datatypes.ts';
import { referenceConverter, referencedType } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/condition-category';
const US_CORE_CATEGORY = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category';
const DSTU2_CATEGORY = 'http://hl7.org/fhir/condition-category';
const ARGONAUT_CATEGORY = 'http://argonaut.hl7.org';

/**
 * DSTU2 codes of R4 Condition.clinicalStatus. DSTU2 has no `inactive`, so an R4 `inactive` becomes `resolved`: R4
 * defines `inactive` as the parent of `remission` and `resolved`.
 */
export const CONDITION_CLINICAL_STATUS: CodeMap = codeMap({
  active: 'active',
  recurrence: 'relapse',
  relapse: 'relapse',
  inactive: 'resolved',
  remission: 'remission',
  resolved: 'resolved',
});
export const CONDITION_VERIFICATION_STATUS: CodeMap = codeMap({
  unconfirmed: 'unknown',
  provisional: 'provisional',
  differential: 'differential',
  confirmed: 'confirmed',
  refuted: 'refuted',
  'entered-in-error': 'entered-in-error',
});
export const CONDITION_CATEGORIES: CodingMap = new Map([
  ...codingMapEntries(CATEGORY, ARGONAUT_CATEGORY, { 'problem-list-item': 'problem' }),
  ...codingMapEntries(US_CORE_CATEGORY, ARGONAUT_CATEGORY, { 'health-concern': 'health-concern' }),
  ...codingMapEntries(CATEGORY, DSTU2_CATEGORY, { 'encounter-diagnosis': 'diagnosis' }),
]);

/** Converts a status that is a CodeableConcept in R4 and a code in DSTU2. */
const statusCode =
  (system: string, table: CodeMap): ConversionRule =>
  (from, name, into) => {
    const code = table.get(findCode(from[name], system) ?? '');
    if (code !== undefined) into[name] = code;
  };

const convertCategory = conceptConverter(codingConverter(CONDITION_CATEGORIES));
/** Converts Condition.category. DSTU2 allows one: the first that Argonaut defines, else the first of all. */
const category: ConversionRule = markSingle((from, name, into, context) => {
  const known = (value: unknown) =>
    codingsIn(value).some((one) => CONDITION_CATEGORIES.has(`${one['system']}|${one['code']}`));
  const all = toList(from[name]);
  const converted = convertCategory(all.find(known) ?? all[0], context);
  if (converted !== undefined) into[name] = converted;
});

/** Converts Condition.recordedDate. It may have a time in R4, which is dropped because DSTU2 allows only a date. */
const day: ConversionRule = (from, name, into, context) =>
  rename('dateRecorded')({ ...from, [name]: nonEmptyText(from[name])?.slice(0, 10) }, name, into, context);

const stage = elementConverter({
  summary: map(convertConcept),
  assessment: map(referenceConverter('ClinicalImpression', 'DiagnosticReport', 'Observation')),
  type: drop,
});

/**
 * Converts Condition.evidence. A DSTU2 entry has a single code, so an R4 entry with several codes becomes several. The
 * first one gets the details, and each gets the modifier extensions.
 */
const evidence: ConversionRule = (from, name, into, context) => {
  const converted = objectsIn(from[name]).flatMap((entry) => {
    const rest = convertEvidenceDetails(entry, context);
    const concepts = toList(entry['code']).map((one) => convertConcept(one, context));
    const coded = concepts.filter((one) => one !== undefined).map((code) => ({ code }) as FhirJson);
    const [first = {}, ...others] = coded;
    const modifiers = entry['modifierExtension'];
    const withModifiers = others.map((one) =>
      modifiers === undefined ? one : { ...one, modifierExtension: modifiers },
    );
    return [{ ...(isObject(rest) ? rest : {}), ...first }, ...withModifiers].filter(
      (one) => 'code' in one || 'detail' in one,
    );
  });
  if (converted.length > 0) into[name] = converted;
};
const convertEvidenceDetails = elementConverter({ detail: map(referenceConverter()) });

export const conditionConversion: ResourceConversion = {
  type: 'Condition',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    clinicalStatus: statusCode(CLINICAL, CONDITION_CLINICAL_STATUS),
    verificationStatus: statusCode(VERIFICATION, CONDITION_VERIFICATION_STATUS),
    category,
    severity: map(convertConcept),
    code: map(convertConcept),
    bodySite: map(convertConcept),
    subject: map(referenceConverter('Patient'), 'patient'),
    encounter: map(referenceConverter('Encounter')),
    onsetDateTime: copy,
    onsetAge: map(convertQuantity, 'onsetQuantity'),
    onsetPeriod: map(convertPeriod),
    onsetRange: map(convertRange),
    onsetString: copy,
    abatementDateTime: copy,
    abatementAge: map(convertQuantity, 'abatementQuantity'),
    abatementPeriod: map(convertPeriod),
    abatementRange: map(convertRange),
    abatementString: copy,
    recordedDate: day,
    recorder: drop,
    asserter: map(referenceConverter('Practitioner', 'Patient')),
    stage: mapFirst(stage),
    evidence,
    note: annotationsAsString('notes'),
  }),
  hiddenBy: (from, context) => {
    if (referencedType(from['subject'], context) === 'Group') return 'subject-is-group';
    const isUnmapped =
      hasUnmappedStatus(from['clinicalStatus'], CLINICAL, CONDITION_CLINICAL_STATUS) ||
      hasUnmappedStatus(from['verificationStatus'], VERIFICATION, CONDITION_VERIFICATION_STATUS);
    return isUnmapped ? 'status-not-understood' : undefined;
  },
  complete: (into) => {
    into['verificationStatus'] ??= 'unknown';
    into['code'] ??= { text: 'Unknown' };
    into['category'] ??= { coding: [{ system: DSTU2_CATEGORY, code: 'diagnosis' }] };
  },
  required: ['patient'],
  profiles: [argonautProfile('condition', isArgonautCondition)],
};

/**
 * Whether a Condition satisfies Argonaut's profile. Its constraint arg-1 requires a clinical status unless the
 * condition was entered in error, and forbids it then.
 */
function isArgonautCondition(resource: FhirJson): boolean {
  const inError = resource['verificationStatus'] === 'entered-in-error';
  return (
    hasAll(resource, 'patient', 'code', 'category', 'verificationStatus') &&
    (resource['clinicalStatus'] === undefined) === inError
  );
}
