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

/** DSTU2 has no `inactive`. In R4 it stands above remission and resolved: over, as far as a filter goes. */
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

/** R4's concept is a code in DSTU2. */
const statusFrom =
  (system: string, table: Codes): Rule =>
  (from, name, into) => {
    const code = table.get(codeIn(from[name], system) ?? '');
    if (code !== undefined) into[name] = code;
  };

const inCategory = conceptOf(recoded(CATEGORIES));
/** One category: the first that Argonaut knows, else the first. */
const category: Rule = single((from, name, into, context) => {
  const known = (value: unknown) => codingsOf(value).some((one) => CATEGORIES.has(`${one['system']}|${one['code']}`));
  const all = listOf(from[name]);
  const made = inCategory(all.find(known) ?? all[0], context);
  if (made !== undefined) into[name] = made;
});

/** dateTime in R4, date in DSTU2. */
const day: Rule = (from, name, into, context) =>
  keptAs('dateRecorded')({ ...from, [name]: textOf(from[name])?.slice(0, 10) }, name, into, context);

const stage = shape({
  summary: of(concept),
  assessment: of(reference('ClinicalImpression', 'DiagnosticReport', 'Observation')),
  type: dropped,
});

/**
 * An entry has one code in DSTU2: one with several becomes several, the first of them with the details, each with what
 * changes the meaning.
 */
const evidence: Rule = (from, name, into, context) => {
  const made = objectsIn(from[name]).flatMap((entry) => {
    const rest = evidenceRest(entry, context);
    const concepts = listOf(entry['code']).map((one) => concept(one, context));
    const coded = concepts.filter((one) => one !== undefined).map((code) => ({ code }) as Json);
    const [first = {}, ...others] = coded;
    const warning = entry['modifierExtension'];
    const warned = others.map((one) => (warning === undefined ? one : { ...one, modifierExtension: warning }));
    return [{ ...(isObject(rest) ? rest : {}), ...first }, ...warned].filter((one) => 'code' in one || 'detail' in one);
  });
  if (made.length > 0) into[name] = made;
};
const evidenceRest = shape({ detail: of(reference()) });

export const condition: Conversion = {
  type: 'Condition',
  rules: resourceRules({
    identifier: of(identifier),
    clinicalStatus: statusFrom(CLINICAL, CLINICAL_STATUS),
    verificationStatus: statusFrom(VERIFICATION, VERIFICATION_STATUS),
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
    const unclear =
      isUnclear(from['clinicalStatus'], CLINICAL, CLINICAL_STATUS) ||
      isUnclear(from['verificationStatus'], VERIFICATION, VERIFICATION_STATUS);
    return unclear ? 'status-not-understood' : undefined;
  },
  complete: (into) => {
    into['verificationStatus'] ??= 'unknown';
    into['code'] ??= { text: 'Unknown' };
    into['category'] ??= { coding: [{ system: DSTU2_CATEGORY, code: 'diagnosis' }] };
  },
  required: ['patient'],
  profiles: [argonaut('condition', isArgonautCondition)],
};

/** Argonaut arg-1: a clinical status unless it was entered in error, and only then. */
function isArgonautCondition(resource: Json): boolean {
  const inError = resource['verificationStatus'] === 'entered-in-error';
  return (
    hasAll(resource, 'patient', 'code', 'category', 'verificationStatus') &&
    (resource['clinicalStatus'] === undefined) === inError
  );
}
