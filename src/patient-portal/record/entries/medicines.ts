import { elementsAt, isPlanned, isProhibited, isReported } from '../../../fhir/index.ts';
import type { ResourceReader } from '../resource-reader.ts';
import { formatReferences } from '../resource-titles.ts';
import { formatDosages } from './dosage.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

const medicineName = (resource: unknown, reader: ResourceReader): string | undefined =>
  reader.concepts(resource, 'medicationCodeableConcept') ?? formatReferences(resource, 'medicationReference', reader);

const formatReason = (resource: unknown, reader: ResourceReader): string | undefined =>
  reader.concepts(resource, 'reasonCode') ?? formatReferences(resource, 'reasonReference', reader);

const effectiveDate = (resource: unknown, { dateAt }: ResourceReader): string | undefined =>
  dateAt(resource, 'effectiveDateTime', 'effectivePeriod.start', 'effectivePeriod.end');

export function describePrescription(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, dateAt, texts } = reader;
  const { labels } = messages;
  return {
    title: medicineName(resource, reader),
    date: dateAt(resource, 'authoredOn'),
    facts: [
      ['', isProhibited(resource) ? messages.notToBeTaken : undefined],
      [labels.status, formatStatus(resource, reader)],
      [labels.howToTake, formatDosages(resource, reader)],
      [labels.whenToTake, formatBounds(resource, reader)],
      ['', isReported(resource) ? messages.reported : undefined],
      [
        isPlanned(resource) || isReported(resource) ? labels.recorded : labels.prescribed,
        dateAt(resource, 'authoredOn'),
      ],
      [labels.prescriptionValid, formatValidity(resource, reader)],
      [labels.toldBy, formatReferences(resource, 'reportedReference', reader)],
      [isPrescription(resource) ? labels.prescribedBy : labels.by, formatReferences(resource, 'requester', reader)],
      [labels.reason, formatReason(resource, reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/**
 * Formats for how long a prescription is valid. Earlier versions converted the start of a medicine in a C-CDA document
 * to this element.
 */
const formatValidity = (resource: unknown, reader: ResourceReader): string | undefined =>
  formatOpenPeriod(resource, 'dispenseRequest.validityPeriod', reader);

/** Formats from when to when a medicine is to be taken. FHIR R4 Timing.repeat.boundsPeriod and Timing.event. */
const formatBounds = (resource: unknown, reader: ResourceReader): string | undefined =>
  formatOpenPeriod(resource, 'dosageInstruction.timing.repeat.boundsPeriod', reader) ??
  reader.dateAt(resource, 'dosageInstruction.timing.event');

/** Formats a period. One without a start or an end says so, because the other date could be taken for it. */
function formatOpenPeriod(
  resource: unknown,
  path: string,
  { messages, dateAt, period }: ResourceReader,
): string | undefined {
  const [start, end] = [dateAt(resource, `${path}.start`), dateAt(resource, `${path}.end`)];
  if (start !== undefined && end !== undefined) return period(resource, path);
  if (start !== undefined) return messages.chart.above(start);
  return end === undefined ? undefined : messages.chart.below(end);
}

/** Whether a MedicationRequest prescribes a medicine. Others suggest one, repeat a report or forbid one. */
const isPrescription = (resource: unknown): boolean =>
  !isPlanned(resource) && !isReported(resource) && !isProhibited(resource);

/** Describes a MedicationStatement: what the patient or someone else reported about a medicine. */
export function describeMedicationStatement(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, dateAt, texts, period, concepts } = reader;
  const { labels } = messages;
  const when = effectiveDate(resource, reader);
  return {
    title: medicineName(resource, reader),
    date: when ?? dateAt(resource, 'dateAsserted'),
    facts: [
      [labels.status, formatStatus(resource, reader)],
      [labels.source, messages.reportedMedicine],
      [labels.howToTake, formatDosages(resource, reader)],
      [labels.date, period(resource, 'effectivePeriod') ?? when],
      [labels.reason, formatReason(resource, reader) ?? concepts(resource, 'statusReason')],
      [labels.toldBy, formatReferences(resource, 'informationSource', reader)],
      [labels.recorded, dateAt(resource, 'dateAsserted')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function describeDispense(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, dateAt, texts, quantity } = reader;
  const { labels } = messages;
  return {
    title: medicineName(resource, reader),
    date: dateAt(resource, 'whenHandedOver', 'whenPrepared'),
    facts: [
      [labels.status, formatStatus(resource, reader)],
      [labels.handedOut, dateAt(resource, 'whenHandedOver')],
      [labels.amount, quantity(elementsAt(resource, 'quantity')[0])],
      [labels.lastsFor, quantity(elementsAt(resource, 'daysSupply')[0])],
      [labels.howToTake, formatDosages(resource, reader)],
      [labels.by, formatReferences(resource, 'performer.actor', reader)],
      [labels.where, formatReferences(resource, 'location', reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Describes a MedicationAdministration: a medicine that a nurse or physician gave. */
export function describeAdministration(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, texts, text, quantity, concepts, period } = reader;
  const { labels } = messages;
  const when = effectiveDate(resource, reader);
  const wasGiven = !elementsAt(resource, 'status').includes('not-done');
  return {
    title: medicineName(resource, reader),
    date: when,
    facts: [
      [labels.status, formatStatus(resource, reader)],
      [wasGiven ? labels.given : labels.date, period(resource, 'effectivePeriod') ?? when],
      [labels.amount, text(resource, 'dosage.text') ?? quantity(elementsAt(resource, 'dosage.dose')[0])],
      [labels.how, concepts(resource, 'dosage.route')],
      [labels.by, formatReferences(resource, 'performer.actor', reader)],
      [labels.reason, formatReason(resource, reader) ?? concepts(resource, 'statusReason')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}
