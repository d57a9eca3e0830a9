import { elementsAt, isProhibited } from '../../../fhir/index.ts';
import { joinList, type ResourceReader } from '../resource-reader.ts';
import { formatReferences, referenceNames } from '../resource-titles.ts';
import { formatStatus, type RecordEntryText } from './entry.ts';

export function describeProcedure(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text, texts, period, quantity } = reader;
  const { labels } = messages;
  const when =
    dateAt(resource, 'performedDateTime', 'performedPeriod.start', 'performedPeriod.end') ??
    text(resource, 'performedString') ??
    quantity(elementsAt(resource, 'performedAge')[0]);
  return {
    title: concepts(resource, 'code'),
    date: when,
    facts: [
      [labels.date, period(resource, 'performedPeriod') ?? when],
      [labels.status, formatStatus(resource, reader)],
      [
        labels.reason,
        concepts(resource, 'reasonCode') ??
          formatReferences(resource, 'reasonReference', reader) ??
          concepts(resource, 'statusReason'),
      ],
      [labels.bodyPart, concepts(resource, 'bodySite')],
      [labels.by, formatReferences(resource, 'performer.actor', reader)],
      [labels.where, formatReferences(resource, 'location', reader)],
      [labels.outcome, concepts(resource, 'outcome')],
      [labels.complications, concepts(resource, 'complication')],
      [labels.device, formatReferences(resource, 'focalDevice.manipulated', reader)],
      [labels.afterwards, concepts(resource, 'followUp')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Describes a DiagnosticReport: laboratory, imaging, or a note. */
export function describeReport(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, texts, period } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'effectiveDateTime', 'effectivePeriod.start', 'issued');
  const title = concepts(resource, 'code');
  return {
    title,
    date: when,
    facts: [
      [labels.date, period(resource, 'effectivePeriod') ?? when],
      [labels.kind, concepts(resource, 'category')],
      [labels.status, formatStatus(resource, reader)],
      [
        labels.by,
        formatReferences(resource, 'performer', reader) ?? formatReferences(resource, 'resultsInterpreter', reader),
      ],
      [labels.conclusion, reader.longText(resource, 'conclusion') ?? concepts(resource, 'conclusionCode')],
      [labels.results, joinList(panelMembers(title, referenceNames(resource, 'result', reader)))],
      [labels.sample, formatReferences(resource, 'specimen', reader)],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

/** Leaves out the panel that groups the results of a report. The panel has the report's own name and no value. */
function panelMembers(title: string | undefined, results: readonly (string | undefined)[]) {
  const members = results.filter((result) => result !== title);
  return members.length === 0 ? results : members;
}

export function describeSpecimen(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, texts, period } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'collection.collectedDateTime', 'collection.collectedPeriod.start');
  return {
    title: concepts(resource, 'type'),
    date: when ?? dateAt(resource, 'receivedTime'),
    facts: [
      [labels.sampled, period(resource, 'collection.collectedPeriod') ?? when],
      [labels.received, dateAt(resource, 'receivedTime')],
      // The status `available` is the normal case for a specimen, so it isn't shown.
      [
        labels.status,
        elementsAt(resource, 'status').includes('available') ? undefined : formatStatus(resource, reader),
      ],
      [labels.bodyPart, concepts(resource, 'collection.bodySite')],
      [labels.by, formatReferences(resource, 'collection.collector', reader)],
      [labels.condition, concepts(resource, 'condition')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function describeOrder(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, texts, codeLabel, period } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'code') ?? concepts(resource, 'category'),
    date: dateAt(resource, 'authoredOn', 'occurrenceDateTime', 'occurrencePeriod.start'),
    facts: [
      ['', isProhibited(resource) ? messages.notToBeDone : undefined],
      [labels.status, formatStatus(resource, reader)],
      [labels.kind, concepts(resource, 'category')],
      [labels.ordered, dateAt(resource, 'authoredOn')],
      [labels.plannedFor, dateAt(resource, 'occurrenceDateTime') ?? period(resource, 'occurrencePeriod')],
      [labels.urgency, codeLabel(resource, 'priority', messages.urgencies)],
      [labels.by, formatReferences(resource, 'requester', reader)],
      [labels.doneBy, formatReferences(resource, 'performer', reader) ?? concepts(resource, 'performerType')],
      [labels.reason, concepts(resource, 'reasonCode') ?? formatReferences(resource, 'reasonReference', reader)],
      [labels.bodyPart, concepts(resource, 'bodySite')],
      [labels.instructions, reader.longText(resource, 'patientInstruction')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function describeImage(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text, texts, period } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'createdDateTime', 'createdPeriod.start', 'issued');
  const wasTaken = !elementsAt(resource, 'status').includes('not-done');
  return {
    title: text(resource, 'content.title') ?? concepts(resource, 'type') ?? concepts(resource, 'modality'),
    date: when,
    facts: [
      [wasTaken ? labels.taken : labels.date, period(resource, 'createdPeriod') ?? when],
      [labels.kind, concepts(resource, 'modality')],
      [labels.status, formatStatus(resource, reader)],
      [labels.bodyPart, concepts(resource, 'bodySite')],
      [labels.by, formatReferences(resource, 'operator', reader)],
      [labels.reason, concepts(resource, 'reasonCode')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}
