import { quantityWords, rangeWords } from './amount-words.ts';
import { oneAnnotation } from './annotation.ts';
import { codingsOf, concept } from './coding.ts';
import { type Conversion, hiddenByStatus, isUnclearFlag } from './conversion.ts';
import { identifier, period, quantity, range } from './datatypes.ts';
import {
  type Draft,
  dropped,
  type Json,
  kept,
  of,
  partly,
  type Rule,
  readElsewhere,
  sameCodes,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

export const FAMILY_STATUS = sameCodes('partial', 'completed', 'entered-in-error', 'health-unknown');

const GENDERS = 'http://hl7.org/fhir/administrative-gender';
export const FAMILY_GENDER = sameCodes('male', 'female', 'other', 'unknown');

/** R4 has a CodeableConcept where DSTU2 has a code. */
const gender: Rule = partly((from, name, into) => {
  const found = codingsOf(from[name]).find(({ system, code }) => system === GENDERS && FAMILY_GENDER.has(String(code)));
  if (found !== undefined) into['gender'] = found['code'];
});

/** DSTU2 has no element for an estimated age, so the age becomes text. */
const age =
  (exact: Rule): Rule =>
  (from, name, into, context) => {
    if (from['estimatedAge'] !== true) return exact(from, name, into, context);
    const text = textOf(from['ageString']) ?? quantityWords(from['ageAge']) ?? rangeWords(from['ageRange']);
    if (text !== undefined) into['ageString'] = `about ${text} (estimated)`;
  };

const condition = shape(
  {
    code: of(concept),
    outcome: of(concept),
    contributedToDeath: dropped,
    onsetAge: of(quantity, 'onsetQuantity'),
    onsetRange: of(range),
    onsetPeriod: of(period),
    onsetString: kept,
    note: oneAnnotation,
  },
  'code',
);

/** Conditions of the patient's relatives. None of them is the patient's own. */
export const familyMemberHistory: Conversion = {
  type: 'FamilyMemberHistory',
  rules: resourceRules({
    identifier: of(identifier),
    instantiatesCanonical: dropped,
    instantiatesUri: dropped,
    status: kept,
    dataAbsentReason: dropped,
    patient: of(reference('Patient')),
    date: kept,
    name: kept,
    relationship: of(concept),
    sex: gender,
    bornPeriod: of(period),
    bornDate: kept,
    bornString: kept,
    ageAge: age(of(quantity, 'ageQuantity')),
    ageRange: age(of(range)),
    ageString: age(kept),
    estimatedAge: readElsewhere,
    deceasedBoolean: kept,
    deceasedAge: of(quantity, 'deceasedQuantity'),
    deceasedRange: of(range),
    deceasedDate: kept,
    deceasedString: kept,
    reasonCode: dropped,
    reasonReference: dropped,
    note: oneAnnotation,
    condition: of(condition),
  }),
  hiddenBy: (from) => {
    if (isUnclearFlag(from['estimatedAge'])) return 'age-not-understood';
    if (from['estimatedAge'] === undefined && from['_estimatedAge'] !== undefined) return 'age-not-understood';
    return hiddenByStatus(from['status'], FAMILY_STATUS);
  },
  complete,
  required: ['status', 'patient'],
  profiles: [],
};

/** The resource is about a relative even if the relationship is missing. */
function complete(into: Draft, _from: Json): void {
  into['relationship'] ??= { text: 'Unknown' };
}
