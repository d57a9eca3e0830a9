import { isObject, nonEmptyText, objectsIn, toList } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, type ResourceConversion } from '../conversion.ts';
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
import { mergeAnnotations } from '../datatypes/annotation.ts';
import { convertConcept, findCode, hasUnmappedStatus } from '../datatypes/coding.ts';
import { convertIdentifier } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

const CLINICAL = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical';
const VERIFICATION = 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification';
export const ALLERGY_CLINICAL_STATUS: CodeMap = codeMap({
  active: 'active',
  inactive: 'inactive',
  resolved: 'resolved',
});
export const ALLERGY_VERIFICATION_STATUS: CodeMap = codeMap({
  unconfirmed: 'unconfirmed',
  confirmed: 'confirmed',
  refuted: 'refuted',
  'entered-in-error': 'entered-in-error',
});

/**
 * Derives AllergyIntolerance.status for DSTU2 from the R4 clinical and verification statuses. The verification statuses
 * `entered-in-error` and `refuted` take precedence. Next come the clinical statuses `inactive` and `resolved`, whatever
 * the verification status is. Any other allergy gets its verification status, or `active` if it has none.
 */
export function allergyStatus(clinical: string | undefined, verification: string | undefined): string {
  if (verification === 'entered-in-error' || verification === 'refuted') return verification;
  if (clinical === 'inactive' || clinical === 'resolved') return clinical;
  return verification ?? 'active';
}

/**
 * DSTU2 codes of R4 allergy categories. Biologics count as medications in DSTU2. DSTU2 allows one category, so the
 * first with a DSTU2 code is used.
 */
export const ALLERGY_CATEGORY: CodeMap = codeMap({
  food: 'food',
  medication: 'medication',
  environment: 'environment',
  biologic: 'medication',
});
const firstCategory: ConversionRule = markSingle((from, name, into) => {
  const mapped = toList(from[name]).map((one) => ALLERGY_CATEGORY.get(nonEmptyText(one) ?? ''));
  const first = mapped.find((one) => one !== undefined);
  if (first !== undefined) into[name] = first;
});

export const ALLERGY_CRITICALITY: CodeMap = codeMap({ low: 'CRITL', high: 'CRITH', 'unable-to-assess': 'CRITU' });
export const ALLERGY_TYPE: CodeMap = codeMap({ allergy: 'allergy', intolerance: 'intolerance' });
export const REACTION_SEVERITY: CodeMap = codeMap({ mild: 'mild', moderate: 'moderate', severe: 'severe' });

const onsetStart: ConversionRule = (from, name, into, context) => {
  const period = from[name];
  if (isObject(period)) rename('onset')(period, 'start', into, context);
};

const reaction = elementConverter({
  substance: map(convertConcept),
  manifestation: map(convertConcept),
  description: copy,
  onset: copy,
  severity: copy,
  exposureRoute: map(convertConcept),
  note: mergeAnnotations,
});

export const allergyIntolerance: ResourceConversion = {
  type: 'AllergyIntolerance',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    clinicalStatus: handledElsewhere,
    verificationStatus: handledElsewhere,
    type: copy,
    category: firstCategory,
    criticality: mapCode(ALLERGY_CRITICALITY),
    code: map(convertConcept, 'substance'),
    patient: map(referenceConverter('Patient')),
    encounter: drop,
    onsetDateTime: rename('onset'),
    onsetAge: drop,
    onsetPeriod: onsetStart,
    onsetRange: drop,
    onsetString: drop,
    recordedDate: copy,
    recorder: map(referenceConverter('Practitioner', 'Patient')),
    asserter: map(referenceConverter('Patient', 'RelatedPerson', 'Practitioner'), 'reporter'),
    lastOccurrence: rename('lastOccurence'),
    note: mergeAnnotations,
    reaction: map(reaction),
  }),
  hiddenBy: (from) => {
    const isUnmapped =
      hasUnmappedStatus(from['clinicalStatus'], CLINICAL, ALLERGY_CLINICAL_STATUS) ||
      hasUnmappedStatus(from['verificationStatus'], VERIFICATION, ALLERGY_VERIFICATION_STATUS);
    return isUnmapped ? 'status-not-understood' : undefined;
  },
  complete,
  required: ['patient'],
  profiles: [argonautProfile('allergyintolerance', (resource) => hasAll(resource, 'patient', 'substance', 'status'))],
};

function complete(into: DraftElement, from: FhirJson): void {
  into['status'] = allergyStatus(
    findCode(from['clinicalStatus'], CLINICAL),
    findCode(from['verificationStatus'], VERIFICATION),
  );
  const [firstReaction] = objectsIn(into['reaction']);
  into['substance'] ??= firstReaction?.['substance'] ?? { text: 'Unknown' };
}
