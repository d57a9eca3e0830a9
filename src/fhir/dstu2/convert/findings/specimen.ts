import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import { hiddenByOptionalStatus, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  codeMap,
  copy,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
} from '../conversion-rules.ts';
import { quantityText } from '../datatypes/amount-text.ts';
import { conceptText, convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod, convertQuantity } from '../datatypes/datatypes.ts';
import { labelled } from '../datatypes/narrative.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const SPECIMEN_STATUS: CodeMap = codeMap({
  available: 'available',
  unavailable: 'unavailable',
  unsatisfactory: 'unsatisfactory',
  'entered-in-error': 'entered-in-error',
});

const collection = elementConverter({
  collector: map(referenceConverter('Practitioner')),
  collectedDateTime: copy,
  collectedPeriod: map(convertPeriod),
  duration: handledElsewhere,
  quantity: map(convertQuantity),
  method: map(convertConcept),
  bodySite: map(convertConcept),
  fastingStatusCodeableConcept: handledElsewhere,
  fastingStatusDuration: handledElsewhere,
});
const treatment = elementConverter({
  description: copy,
  procedure: map(convertConcept),
  additive: map(referenceConverter('Substance')),
  timeDateTime: drop,
  timePeriod: drop,
});
const container = elementConverter({
  identifier: map(convertIdentifier),
  description: copy,
  type: map(convertConcept),
  capacity: map(convertQuantity),
  specimenQuantity: map(convertQuantity),
  additiveCodeableConcept: map(convertConcept),
  additiveReference: map(referenceConverter('Substance')),
});

export const specimenConversion: ResourceConversion = {
  type: 'Specimen',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    accessionIdentifier: map(convertIdentifier),
    status: mapCode(SPECIMEN_STATUS),
    type: map(convertConcept),
    subject: map(referenceConverter('Patient', 'Group', 'Device', 'Substance')),
    receivedTime: copy,
    parent: map(linkConverter('Specimen')),
    request: drop,
    collection: map(collection),
    processing: map(treatment, 'treatment'),
    container: map(container),
    condition: handledElsewhere,
    note: handledElsewhere,
  }),
  hiddenBy: (from) => hiddenByOptionalStatus(from, 'status', SPECIMEN_STATUS),
  complete,
  required: ['subject'],
  profiles: [],
};

/**
 * Adds what affects the reading of a result, such as the fasting status, to the comment of the collection. DSTU2 has no
 * other comment in a Specimen.
 */
function complete(into: DraftElement, from: FhirJson): void {
  const collection = isObject(from['collection']) ? from['collection'] : {};
  const fasting = collection['fastingStatusCodeableConcept'];
  const lines = [
    ...objectsIn(from['note']).map((note) => nonEmptyText(note['text'])),
    ...objectsIn(from['condition']).map((one) => labelled('Condition of the specimen', conceptText(one))),
    labelled('Fasting', isObject(fasting) ? conceptText(fasting) : quantityText(collection['fastingStatusDuration'])),
    labelled('Collected over', quantityText(collection['duration'])),
  ].filter((line) => line !== undefined);
  if (lines.length === 0) return;
  const converted = isObject(into['collection']) ? into['collection'] : {};
  into['collection'] = { ...converted, comment: lines };
}
