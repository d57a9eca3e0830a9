import { nonEmptyText } from '../../../../kernel/index.ts';
import { hiddenByStatus, isInvalidFlag, type ResourceConversion } from '../conversion.ts';
import {
  type ConversionRule,
  copy,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  identityCodeMap,
  map,
  markPartly,
} from '../conversion-rules.ts';
import { quantityText, rangeText } from '../datatypes/amount-text.ts';
import { mergeAnnotations } from '../datatypes/annotation.ts';
import { codingsIn, convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod, convertQuantity, convertRange } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const FAMILY_STATUS = identityCodeMap('partial', 'completed', 'entered-in-error', 'health-unknown');

const GENDERS = 'http://hl7.org/fhir/administrative-gender';
export const FAMILY_GENDER = identityCodeMap('male', 'female', 'other', 'unknown');

/** The gender of a relative is a CodeableConcept in R4 and a code in DSTU2. */
const gender: ConversionRule = markPartly((from, name, into) => {
  const found = codingsIn(from[name]).find(({ system, code }) => system === GENDERS && FAMILY_GENDER.has(String(code)));
  if (found !== undefined) into['gender'] = found['code'];
});

/** Converts the age of a relative. DSTU2 can't mark an age as estimated, so an estimated age becomes text. */
const age =
  (exact: ConversionRule): ConversionRule =>
  (from, name, into, context) => {
    if (from['estimatedAge'] !== true) return exact(from, name, into, context);
    const text = nonEmptyText(from['ageString']) ?? quantityText(from['ageAge']) ?? rangeText(from['ageRange']);
    if (text !== undefined) into['ageString'] = `about ${text} (estimated)`;
  };

const condition = elementConverter(
  {
    code: map(convertConcept),
    outcome: map(convertConcept),
    contributedToDeath: drop,
    onsetAge: map(convertQuantity, 'onsetQuantity'),
    onsetRange: map(convertRange),
    onsetPeriod: map(convertPeriod),
    onsetString: copy,
    note: mergeAnnotations,
  },
  'code',
);

/** Converts FamilyMemberHistory. It lists conditions of the patient's relatives, not of the patient. */
export const familyMemberHistoryConversion: ResourceConversion = {
  type: 'FamilyMemberHistory',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    instantiatesCanonical: drop,
    instantiatesUri: drop,
    status: copy,
    dataAbsentReason: drop,
    patient: map(referenceConverter('Patient')),
    date: copy,
    name: copy,
    relationship: map(convertConcept),
    sex: gender,
    bornPeriod: map(convertPeriod),
    bornDate: copy,
    bornString: copy,
    ageAge: age(map(convertQuantity, 'ageQuantity')),
    ageRange: age(map(convertRange)),
    ageString: age(copy),
    estimatedAge: handledElsewhere,
    deceasedBoolean: copy,
    deceasedAge: map(convertQuantity, 'deceasedQuantity'),
    deceasedRange: map(convertRange),
    deceasedDate: copy,
    deceasedString: copy,
    reasonCode: drop,
    reasonReference: drop,
    note: mergeAnnotations,
    condition: map(condition),
  }),
  hiddenBy: (from) => {
    if (isInvalidFlag(from['estimatedAge'])) return 'age-not-understood';
    if (from['estimatedAge'] === undefined && from['_estimatedAge'] !== undefined) return 'age-not-understood';
    return hiddenByStatus(from['status'], FAMILY_STATUS);
  },
  complete,
  required: ['status', 'patient'],
  profiles: [],
};

/**
 * Adds a relationship if there is none, because DSTU2 requires it. A FamilyMemberHistory without a relationship is
 * still about a relative.
 */
function complete(into: DraftElement, _from: FhirJson): void {
  into['relationship'] ??= { text: 'Unknown' };
}
