import { oneAnnotation } from './annotation.ts';
import { codeIn, concept, isUnclear } from './coding.ts';
import { argonaut, type Conversion, hasAll } from './conversion.ts';
import { identifier } from './datatypes.ts';
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
import { reference } from './reference.ts';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
export const CLINICAL_STATUS: Codes = codes({ active: 'active', inactive: 'inactive', resolved: 'resolved' });
export const VERIFICATION_STATUS: Codes = codes({
  unconfirmed: 'unconfirmed',
  confirmed: 'confirmed',
  refuted: 'refuted',
  'entered-in-error': 'entered-in-error',
});

/**
 * Derives the single DSTU2 status from two R4 statuses. A record that was wrong (`entered-in-error`, `refuted`) takes
 * precedence; next comes an allergy that is inactive or resolved, however certain it was; an active allergy is reported
 * by its certainty.
 */
export function allergyStatus(clinical: string | undefined, verification: string | undefined): string {
  if (verification === 'entered-in-error' || verification === 'refuted') return verification;
  if (clinical === 'inactive' || clinical === 'resolved') return clinical;
  return verification ?? 'active';
}

/** DSTU2 allows one category, so the first that has a code is used. DSTU2 counts biologics as medications. */
export const ALLERGY_CATEGORY: Codes = codes({
  food: 'food',
  medication: 'medication',
  environment: 'environment',
  biologic: 'medication',
});
const firstCategory: Rule = single((from, name, into) => {
  const mapped = listOf(from[name]).map((one) => ALLERGY_CATEGORY.get(textOf(one) ?? ''));
  const first = mapped.find((one) => one !== undefined);
  if (first !== undefined) into[name] = first;
});

export const CRITICALITY: Codes = codes({ low: 'CRITL', high: 'CRITH', 'unable-to-assess': 'CRITU' });
export const ALLERGY_TYPE: Codes = codes({ allergy: 'allergy', intolerance: 'intolerance' });
export const SEVERITY: Codes = codes({ mild: 'mild', moderate: 'moderate', severe: 'severe' });

const onsetStart: Rule = (from, name, into, context) => {
  const period = from[name];
  if (isObject(period)) keptAs('onset')(period, 'start', into, context);
};

const reaction = shape({
  substance: of(concept),
  manifestation: of(concept),
  description: kept,
  onset: kept,
  severity: kept,
  exposureRoute: of(concept),
  note: oneAnnotation,
});

export const allergyIntolerance: Conversion = {
  type: 'AllergyIntolerance',
  rules: resourceRules({
    identifier: of(identifier),
    clinicalStatus: readElsewhere,
    verificationStatus: readElsewhere,
    type: kept,
    category: firstCategory,
    criticality: coded(CRITICALITY),
    code: of(concept, 'substance'),
    patient: of(reference('Patient')),
    encounter: dropped,
    onsetDateTime: keptAs('onset'),
    onsetAge: dropped,
    onsetPeriod: onsetStart,
    onsetRange: dropped,
    onsetString: dropped,
    recordedDate: kept,
    recorder: of(reference('Practitioner', 'Patient')),
    asserter: of(reference('Patient', 'RelatedPerson', 'Practitioner'), 'reporter'),
    lastOccurrence: keptAs('lastOccurence'),
    note: oneAnnotation,
    reaction: of(reaction),
  }),
  hiddenBy: (from) => {
    const isUnmapped =
      isUnclear(from['clinicalStatus'], CLINICAL, CLINICAL_STATUS) ||
      isUnclear(from['verificationStatus'], VERIFICATION, VERIFICATION_STATUS);
    return isUnmapped ? 'status-not-understood' : undefined;
  },
  complete,
  required: ['patient'],
  profiles: [argonaut('allergyintolerance', (resource) => hasAll(resource, 'patient', 'substance', 'status'))],
};

function complete(into: Draft, from: Json): void {
  into['status'] = allergyStatus(
    codeIn(from['clinicalStatus'], CLINICAL),
    codeIn(from['verificationStatus'], VERIFICATION),
  );
  const [firstReaction] = objectsIn(into['reaction']);
  into['substance'] ??= firstReaction?.['substance'] ?? { text: 'Unknown' };
}
