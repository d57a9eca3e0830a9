import { elementsAt, isForbidden } from '../../../fhir/index.ts';
import { referred, referredEach } from '../titles.ts';
import { listed, type Reader } from '../values.ts';
import { type EntryText, statusOf } from './entry.ts';

export function procedure(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text, texts, span, quantity } = reader;
  const { labels } = messages;
  const when =
    dateAt(resource, 'performedDateTime', 'performedPeriod.start', 'performedPeriod.end') ??
    text(resource, 'performedString') ??
    quantity(elementsAt(resource, 'performedAge')[0]);
  return {
    title: concepts(resource, 'code'),
    when,
    facts: [
      [labels.date, span(resource, 'performedPeriod') ?? when],
      [labels.status, statusOf(resource, reader)],
      [
        labels.reason,
        concepts(resource, 'reasonCode') ??
          referred(resource, 'reasonReference', reader) ??
          concepts(resource, 'statusReason'),
      ],
      [labels.bodyPart, concepts(resource, 'bodySite')],
      [labels.by, referred(resource, 'performer.actor', reader)],
      [labels.where, referred(resource, 'location', reader)],
      [labels.outcome, concepts(resource, 'outcome')],
      [labels.complications, concepts(resource, 'complication')],
      [labels.device, referred(resource, 'focalDevice.manipulated', reader)],
      [labels.afterwards, concepts(resource, 'followUp')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** DiagnosticReport: laboratory, imaging, or a note. */
export function report(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, texts, span } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'effectiveDateTime', 'effectivePeriod.start', 'issued');
  const title = concepts(resource, 'code');
  return {
    title,
    when,
    facts: [
      [labels.date, span(resource, 'effectivePeriod') ?? when],
      [labels.kind, concepts(resource, 'category')],
      [labels.status, statusOf(resource, reader)],
      [labels.by, referred(resource, 'performer', reader) ?? referred(resource, 'resultsInterpreter', reader)],
      [labels.conclusion, reader.long(resource, 'conclusion') ?? concepts(resource, 'conclusionCode')],
      [labels.results, listed(membersOf(title, referredEach(resource, 'result', reader)))],
      [labels.sample, referred(resource, 'specimen', reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Leaves out the panel that groups the results. It has the report's own name and no value. */
function membersOf(title: string | undefined, results: readonly (string | undefined)[]) {
  const members = results.filter((result) => result !== title);
  return members.length === 0 ? results : members;
}

export function sample(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, texts, span } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'collection.collectedDateTime', 'collection.collectedPeriod.start');
  return {
    title: concepts(resource, 'type'),
    when: when ?? dateAt(resource, 'receivedTime'),
    facts: [
      [labels.sampled, span(resource, 'collection.collectedPeriod') ?? when],
      [labels.received, dateAt(resource, 'receivedTime')],
      // `available` is the normal case and isn't worth stating.
      [labels.status, elementsAt(resource, 'status').includes('available') ? undefined : statusOf(resource, reader)],
      [labels.bodyPart, concepts(resource, 'collection.bodySite')],
      [labels.by, referred(resource, 'collection.collector', reader)],
      [labels.condition, concepts(resource, 'condition')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function order(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, texts, coded, span } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'code') ?? concepts(resource, 'category'),
    when: dateAt(resource, 'authoredOn', 'occurrenceDateTime', 'occurrencePeriod.start'),
    facts: [
      ['', isForbidden(resource) ? messages.notToBeDone : undefined],
      [labels.status, statusOf(resource, reader)],
      [labels.kind, concepts(resource, 'category')],
      [labels.ordered, dateAt(resource, 'authoredOn')],
      [labels.plannedFor, dateAt(resource, 'occurrenceDateTime') ?? span(resource, 'occurrencePeriod')],
      [labels.urgency, coded(resource, 'priority', messages.urgencies)],
      [labels.by, referred(resource, 'requester', reader)],
      [labels.doneBy, referred(resource, 'performer', reader) ?? concepts(resource, 'performerType')],
      [labels.reason, concepts(resource, 'reasonCode') ?? referred(resource, 'reasonReference', reader)],
      [labels.bodyPart, concepts(resource, 'bodySite')],
      [labels.instructions, reader.long(resource, 'patientInstruction')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function picture(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text, texts, span } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'createdDateTime', 'createdPeriod.start', 'issued');
  const wasTaken = !elementsAt(resource, 'status').includes('not-done');
  return {
    title: text(resource, 'content.title') ?? concepts(resource, 'type') ?? concepts(resource, 'modality'),
    when,
    facts: [
      [wasTaken ? labels.taken : labels.date, span(resource, 'createdPeriod') ?? when],
      [labels.kind, concepts(resource, 'modality')],
      [labels.status, statusOf(resource, reader)],
      [labels.bodyPart, concepts(resource, 'bodySite')],
      [labels.by, referred(resource, 'operator', reader)],
      [labels.reason, concepts(resource, 'reasonCode')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}
