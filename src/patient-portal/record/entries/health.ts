import { elementsAt, isEnteredInError, isFamilyHistory } from '../../../fhir/index.ts';
import type { ResourceReader } from '../resource-reader.ts';
import { formatReferences } from '../resource-titles.ts';
import { formatCertainty, formatStatus, type RecordEntryText } from './entry.ts';

export function describeProblem(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text, texts, codeLabel } = reader;
  const { labels } = messages;
  const isOwn = isEnteredInError(resource) || !isFamilyHistory(resource);
  const since = dateAt(resource, 'onsetDateTime', 'onsetPeriod.start') ?? text(resource, 'onsetString');
  return {
    title: concepts(resource, 'code'),
    date: since ?? dateAt(resource, 'recordedDate'),
    facts: [
      [labels.status, isOwn ? formatStatus(resource, reader, 'clinicalStatus.coding.code') : undefined],
      [labels.kind, codeLabel(resource, 'category.coding.code', messages.categories)],
      [labels.since, since],
      [labels.ended, dateAt(resource, 'abatementDateTime', 'abatementPeriod.end') ?? text(resource, 'abatementString')],
      [labels.recorded, dateAt(resource, 'recordedDate')],
      [labels.severity, concepts(resource, 'severity')],
      ['', formatCertainty(resource, reader)],
      ['', isOwn ? undefined : messages.familyHistory],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function describeAllergy(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, texts } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'code'),
    date: dateAt(resource, 'recordedDate', 'onsetDateTime'),
    facts: [
      [labels.reaction, concepts(resource, 'reaction.manifestation') ?? texts(resource, 'reaction.description')],
      [labels.severity, formatSeverity(resource, reader)],
      [labels.status, formatStatus(resource, reader, 'clinicalStatus.coding.code')],
      ['', formatCertainty(resource, reader)],
      [labels.since, dateAt(resource, 'onsetDateTime')],
      [labels.recorded, dateAt(resource, 'recordedDate')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

function formatSeverity(resource: unknown, { codeLabel, messages }: ResourceReader): string | undefined {
  const reaction = codeLabel(resource, 'reaction.severity', messages.severities);
  const risk = codeLabel(resource, 'criticality', messages.severities);
  const both = [reaction, risk].filter((text) => text !== undefined);
  return both.length === 0 ? undefined : both.join(', ');
}

const wasDone = (resource: unknown): boolean => !elementsAt(resource, 'status').includes('not-done');

export function describeVaccination(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, text, texts } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'occurrenceDateTime') ?? text(resource, 'occurrenceString');
  return {
    title: concepts(resource, 'vaccineCode'),
    date: when,
    facts: [
      [wasDone(resource) ? labels.given : labels.date, when],
      [labels.status, formatStatus(resource, reader)],
      ['', elementsAt(resource, 'isSubpotent').includes(true) ? messages.subpotent : undefined],
      [labels.reason, concepts(resource, 'statusReason')],
      [labels.where, formatReferences(resource, 'location', reader)],
      [labels.lot, text(resource, 'lotNumber')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function describeVisit(resource: unknown, reader: ResourceReader): RecordEntryText {
  const { messages, concepts, dateAt, period } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'type') ?? concepts(resource, 'class'),
    date: dateAt(resource, 'period.start', 'period.end'),
    facts: [
      [labels.date, period(resource, 'period')],
      [labels.reason, concepts(resource, 'reasonCode') ?? formatReferences(resource, 'reasonReference', reader)],
      [labels.with, formatReferences(resource, 'participant.individual', reader)],
      [
        labels.where,
        formatReferences(resource, 'location.location', reader) ??
          formatReferences(resource, 'serviceProvider', reader),
      ],
      [labels.status, formatStatus(resource, reader)],
    ],
  };
}
