import { quantityWords } from './amount-words.ts';
import { concept, wordsOf } from './coding.ts';
import { type Conversion, hiddenByOptional } from './conversion.ts';
import { identifier, period, quantity } from './datatypes.ts';
import {
  type Codes,
  coded,
  codes,
  type Draft,
  dropped,
  isObject,
  type Json,
  kept,
  objectsIn,
  of,
  readElsewhere,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { labelled } from './narrative.ts';
import { link, reference } from './reference.ts';

export const SPECIMEN_STATUS: Codes = codes({
  available: 'available',
  unavailable: 'unavailable',
  unsatisfactory: 'unsatisfactory',
  'entered-in-error': 'entered-in-error',
});

const collection = shape({
  collector: of(reference('Practitioner')),
  collectedDateTime: kept,
  collectedPeriod: of(period),
  duration: readElsewhere,
  quantity: of(quantity),
  method: of(concept),
  bodySite: of(concept),
  fastingStatusCodeableConcept: readElsewhere,
  fastingStatusDuration: readElsewhere,
});
const treatment = shape({
  description: kept,
  procedure: of(concept),
  additive: of(reference('Substance')),
  timeDateTime: dropped,
  timePeriod: dropped,
});
const container = shape({
  identifier: of(identifier),
  description: kept,
  type: of(concept),
  capacity: of(quantity),
  specimenQuantity: of(quantity),
  additiveCodeableConcept: of(concept),
  additiveReference: of(reference('Substance')),
});

export const specimen: Conversion = {
  type: 'Specimen',
  rules: resourceRules({
    identifier: of(identifier),
    accessionIdentifier: of(identifier),
    status: coded(SPECIMEN_STATUS),
    type: of(concept),
    subject: of(reference('Patient', 'Group', 'Device', 'Substance')),
    receivedTime: kept,
    parent: of(link('Specimen')),
    request: dropped,
    collection: of(collection),
    processing: of(treatment, 'treatment'),
    container: of(container),
    condition: readElsewhere,
    note: readElsewhere,
  }),
  hiddenBy: (from) => hiddenByOptional(from, 'status', SPECIMEN_STATUS),
  complete,
  required: ['subject'],
  profiles: [],
};

/** DSTU2 has a comment only on the collection. Everything else that affects how a result is read is added there. */
function complete(into: Draft, from: Json): void {
  const collection = isObject(from['collection']) ? from['collection'] : {};
  const fasting = collection['fastingStatusCodeableConcept'];
  const lines = [
    ...objectsIn(from['note']).map((note) => textOf(note['text'])),
    ...objectsIn(from['condition']).map((one) => labelled('Condition of the specimen', wordsOf(one))),
    labelled('Fasting', isObject(fasting) ? wordsOf(fasting) : quantityWords(collection['fastingStatusDuration'])),
    labelled('Collected over', quantityWords(collection['duration'])),
  ].filter((line) => line !== undefined);
  if (lines.length === 0) return;
  const converted = isObject(into['collection']) ? into['collection'] : {};
  into['collection'] = { ...converted, comment: lines };
}
