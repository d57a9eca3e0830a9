import { noteText } from './annotation.ts';
import { codeIn, codingsOf, concept, conceptOf, isUnclear, type Recoding, recoded, recodings } from './coding.ts';
import { argonaut, type Conversion, hasAll } from './conversion.ts';
import { identifier, period, quantity, range } from './datatypes.ts';
import {
  type Codes,
  codes,
  dropped,
  firstOf,
  isObject,
  type Json,
  kept,
  keptAs,
  listOf,
  objectsIn,
  of,
  type Rule,
  shape,
  single,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference, targetType } from './reference.ts';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/condition-ver-status';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/condition-category';
const US_CORE_CATEGORY = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category';
const DSTU2_CATEGORY = 'http://hl7.org/fhir/condition-category';
const ARGONAUT_CATEGORY = 'http://argonaut.hl7.org';

/**
 * DSTU2 has no `inactive`. R4 defines it as the parent of `remission` and `resolved`, so a filter may treat it as
 * resolved.
 */
export const CLINICAL_STATUS: Codes = codes({
  active: 'active',
  recurrence: 'relapse',
  relapse: 'relapse',
  inactive: 'resolved',
  remission: 'remission',
  resolved: 'resolved',
});
export const VERIFICATION_STATUS: Codes = codes({
  unconfirmed: 'unknown',
  provisional: 'provisional',
  differential: 'differential',
  confirmed: 'confirmed',
  refuted: 'refuted',
  'entered-in-error': 'entered-in-error',
});
export const CATEGORIES: Recoding = new Map([
  ...recodings(CATEGORY, ARGONAUT_CATEGORY, { 'problem-list-item': 'problem' }),
  ...recodings(US_CORE_CATEGORY, ARGONAUT_CATEGORY, { 'health-concern': 'health-concern' }),
  ...recodings(CATEGORY, DSTU2_CATEGORY, { 'encounter-diagnosis': 'diagnosis' }),
]);

/** R4 has a CodeableConcept where DSTU2 has a code. */
const statusCode =
  (system: string, table: Codes): Rule =>
  (from, name, into) => {
    const code = table.get(codeIn(from[name], system) ?? '');
    if (code !== undefined) into[name] = code;
  };

const convertCategory = conceptOf(recoded(CATEGORIES));
/** DSTU2 allows one category: the first that Argonaut defines, else the first. */
const category: Rule = single((from, name, into, context) => {
  const known = (value: unknown) => codingsOf(value).some((one) => CATEGORIES.has(`${one['system']}|${one['code']}`));
  const all = listOf(from[name]);
  const converted = convertCategory(all.find(known) ?? all[0], context);
  if (converted !== undefined) into[name] = converted;
});

/** Shortens a dateTime to the date that DSTU2 allows. */
const day: Rule = (from, name, into, context) =>
  keptAs('dateRecorded')({ ...from, [name]: textOf(from[name])?.slice(0, 10) }, name, into, context);

const stage = shape({
  summary: of(concept),
  assessment: of(reference('ClinicalImpression', 'DiagnosticReport', 'Observation')),
  type: dropped,
});

/**
 * A DSTU2 entry has a single code. An entry with several codes becomes several entries: the first gets the details, and
 * each gets the modifier extensions.
 */
const evidence: Rule = (from, name, into, context) => {
  const converted = objectsIn(from[name]).flatMap((entry) => {
    const rest = convertEvidenceDetails(entry, context);
    const concepts = listOf(entry['code']).map((one) => concept(one, context));
    const coded = concepts.filter((one) => one !== undefined).map((code) => ({ code }) as Json);
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
const convertEvidenceDetails = shape({ detail: of(reference()) });

export const condition: Conversion = {
  type: 'Condition',
  rules: resourceRules({
    identifier: of(identifier),
    clinicalStatus: statusCode(CLINICAL, CLINICAL_STATUS),
    verificationStatus: statusCode(VERIFICATION, VERIFICATION_STATUS),
    category,
    severity: of(concept),
    code: of(concept),
    bodySite: of(concept),
    subject: of(reference('Patient'), 'patient'),
    encounter: of(reference('Encounter')),
    onsetDateTime: kept,
    onsetAge: of(quantity, 'onsetQuantity'),
    onsetPeriod: of(period),
    onsetRange: of(range),
    onsetString: kept,
    abatementDateTime: kept,
    abatementAge: of(quantity, 'abatementQuantity'),
    abatementPeriod: of(period),
    abatementRange: of(range),
    abatementString: kept,
    recordedDate: day,
    recorder: dropped,
    asserter: of(reference('Practitioner', 'Patient')),
    stage: firstOf(stage),
    evidence,
    note: noteText('notes'),
  }),
  hiddenBy: (from, context) => {
    if (targetType(from['subject'], context) === 'Group') return 'subject-is-group';
    const isUnmapped =
      isUnclear(from['clinicalStatus'], CLINICAL, CLINICAL_STATUS) ||
      isUnclear(from['verificationStatus'], VERIFICATION, VERIFICATION_STATUS);
    return isUnmapped ? 'status-not-understood' : undefined;
  },
  complete: (into) => {
    into['verificationStatus'] ??= 'unknown';
    into['code'] ??= { text: 'Unknown' };
    into['category'] ??= { coding: [{ system: DSTU2_CATEGORY, code: 'diagnosis' }] };
  },
  required: ['patient'],
  profiles: [argonaut('condition', isArgonautCondition)],
};

/**
 * Argonaut constraint arg-1: a clinical status is required unless the condition was entered in error, when it is
 * forbidden.
 */
function isArgonautCondition(resource: Json): boolean {
  const inError = resource['verificationStatus'] === 'entered-in-error';
  return (
    hasAll(resource, 'patient', 'code', 'category', 'verificationStatus') &&
    (resource['clinicalStatus'] === undefined) === inError
  );
}
