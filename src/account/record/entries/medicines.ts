import { elementsAt, isForbidden, isPlanned, isReported } from '../../../fhir/index.ts';
import { referred } from '../titles.ts';
import type { Reader } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

const medicineOf = (resource: unknown, reader: Reader): string | undefined =>
  reader.concepts(resource, 'medicationCodeableConcept') ?? referred(resource, 'medicationReference', reader);

const howToTake = (resource: unknown, { texts }: Reader, path: string): string | undefined =>
  texts(resource, `${path}.patientInstruction`) ?? texts(resource, `${path}.text`);

const why = (resource: unknown, reader: Reader): string | undefined =>
  reader.concepts(resource, 'reasonCode') ?? referred(resource, 'reasonReference', reader);

const effectiveOf = (resource: unknown, { dateAt }: Reader): string | undefined =>
  dateAt(resource, 'effectiveDateTime', 'effectivePeriod.start', 'effectivePeriod.end');

export function prescribed(resource: unknown, reader: Reader): EntryText {
  const { words: messages, dateAt, texts } = reader;
  const { labels } = messages;
  return {
    title: medicineOf(resource, reader),
    when: dateAt(resource, 'authoredOn'),
    facts: [
      ['', isForbidden(resource) ? messages.notToBeTaken : undefined],
      [labels.status, statusOf(resource, reader)],
      [labels.howToTake, howToTake(resource, reader, 'dosageInstruction')],
      ['', isReported(resource) ? messages.reported : undefined],
      [
        isPlanned(resource) || isReported(resource) ? labels.recorded : labels.prescribed,
        dateAt(resource, 'authoredOn'),
      ],
      [labels.by, referred(resource, 'requester', reader)],
      [labels.reason, why(resource, reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** MedicationStatement: a medicine that someone reported the patient takes. */
export function taken(resource: unknown, reader: Reader): EntryText {
  const { words: messages, dateAt, texts, span, concepts } = reader;
  const { labels } = messages;
  const when = effectiveOf(resource, reader);
  return {
    title: medicineOf(resource, reader),
    when: when ?? dateAt(resource, 'dateAsserted'),
    facts: [
      [labels.status, statusOf(resource, reader)],
      [labels.howToTake, howToTake(resource, reader, 'dosage')],
      [labels.date, span(resource, 'effectivePeriod') ?? when],
      [labels.reason, why(resource, reader) ?? concepts(resource, 'statusReason')],
      [labels.toldBy, referred(resource, 'informationSource', reader)],
      [labels.recorded, dateAt(resource, 'dateAsserted')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function handedOut(resource: unknown, reader: Reader): EntryText {
  const { words: messages, dateAt, texts, quantity } = reader;
  const { labels } = messages;
  return {
    title: medicineOf(resource, reader),
    when: dateAt(resource, 'whenHandedOver', 'whenPrepared'),
    facts: [
      [labels.status, statusOf(resource, reader)],
      [labels.handedOut, dateAt(resource, 'whenHandedOver')],
      [labels.amount, quantity(elementsAt(resource, 'quantity')[0])],
      [labels.lastsFor, quantity(elementsAt(resource, 'daysSupply')[0])],
      [labels.howToTake, howToTake(resource, reader, 'dosageInstruction')],
      [labels.by, referred(resource, 'performer.actor', reader)],
      [labels.where, referred(resource, 'location', reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** MedicationAdministration: a medicine given by a nurse or physician. */
export function given(resource: unknown, reader: Reader): EntryText {
  const { words: messages, texts, text, quantity, concepts, span } = reader;
  const { labels } = messages;
  const when = effectiveOf(resource, reader);
  const wasGiven = !elementsAt(resource, 'status').includes('not-done');
  return {
    title: medicineOf(resource, reader),
    when,
    facts: [
      [labels.status, statusOf(resource, reader)],
      [wasGiven ? labels.given : labels.date, span(resource, 'effectivePeriod') ?? when],
      [labels.amount, text(resource, 'dosage.text') ?? quantity(elementsAt(resource, 'dosage.dose')[0])],
      [labels.how, concepts(resource, 'dosage.route')],
      [labels.by, referred(resource, 'performer.actor', reader)],
      [labels.reason, why(resource, reader) ?? concepts(resource, 'statusReason')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}
