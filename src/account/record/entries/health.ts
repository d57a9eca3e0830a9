import { referred } from '../titles.ts';
import type { Reader } from '../values.ts';
import { type EntryText, isMistake, statusOf } from './entry.ts';

export function problem(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, text, texts, coded } = reader;
  const { labels } = words;
  const since = dateAt(resource, 'onsetDateTime', 'onsetPeriod.start') ?? text(resource, 'onsetString');
  const verified = coded(resource, 'verificationStatus.coding.code', words.statuses);
  return {
    title: concepts(resource, 'code'),
    when: since ?? dateAt(resource, 'recordedDate'),
    facts: [
      [labels.status, statusOf(resource, reader, 'clinicalStatus.coding.code')],
      [labels.kind, coded(resource, 'category.coding.code', words.categories)],
      [labels.since, since],
      [labels.ended, dateAt(resource, 'abatementDateTime', 'abatementPeriod.end') ?? text(resource, 'abatementString')],
      [labels.recorded, dateAt(resource, 'recordedDate')],
      [labels.severity, concepts(resource, 'severity')],
      ['', verified === words.statuses['confirmed'] || isMistake(resource) ? undefined : verified],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function allergy(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, texts, coded } = reader;
  const { labels } = words;
  return {
    title: concepts(resource, 'code'),
    when: dateAt(resource, 'recordedDate', 'onsetDateTime'),
    facts: [
      [labels.reaction, concepts(resource, 'reaction.manifestation') ?? texts(resource, 'reaction.description')],
      [labels.severity, severityOf(resource, reader)],
      [labels.status, statusOf(resource, reader, 'clinicalStatus.coding.code')],
      ['', coded(resource, 'verificationStatus.coding.code', words.statuses)],
      [labels.since, dateAt(resource, 'onsetDateTime')],
      [labels.recorded, dateAt(resource, 'recordedDate')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

function severityOf(resource: unknown, { coded, words }: Reader): string | undefined {
  const reaction = coded(resource, 'reaction.severity', words.severities);
  const risk = coded(resource, 'criticality', words.severities);
  const both = [reaction, risk].filter((text) => text !== undefined);
  return both.length === 0 ? undefined : both.join(', ');
}

export function vaccination(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, text, texts } = reader;
  const { labels } = words;
  const when = dateAt(resource, 'occurrenceDateTime') ?? text(resource, 'occurrenceString');
  return {
    title: concepts(resource, 'vaccineCode'),
    when,
    facts: [
      [labels.given, when],
      [labels.status, statusOf(resource, reader)],
      [labels.reason, concepts(resource, 'statusReason')],
      [labels.where, referred(resource, 'location', reader)],
      [labels.lot, text(resource, 'lotNumber')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function visit(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, span } = reader;
  const { labels } = words;
  return {
    title: concepts(resource, 'type') ?? concepts(resource, 'class'),
    when: dateAt(resource, 'period.start', 'period.end'),
    facts: [
      [labels.date, span(resource, 'period')],
      [labels.reason, concepts(resource, 'reasonCode') ?? referred(resource, 'reasonReference', reader)],
      [labels.with, referred(resource, 'participant.individual', reader)],
      [labels.where, referred(resource, 'location.location', reader) ?? referred(resource, 'serviceProvider', reader)],
      [labels.status, statusOf(resource, reader)],
    ],
  };
}
