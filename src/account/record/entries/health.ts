import { elementsAt, isFamilyHistory, isMistake } from '../../../fhir/index.ts';
import { referred } from '../titles.ts';
import type { Reader } from '../values.ts';
import { certaintyOf, type EntryText, statusOf } from './entry.ts';

export function problem(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text, texts, coded } = reader;
  const { labels } = messages;
  const isOwn = isMistake(resource) || !isFamilyHistory(resource);
  const since = dateAt(resource, 'onsetDateTime', 'onsetPeriod.start') ?? text(resource, 'onsetString');
  return {
    title: concepts(resource, 'code'),
    when: since ?? dateAt(resource, 'recordedDate'),
    facts: [
      [labels.status, isOwn ? statusOf(resource, reader, 'clinicalStatus.coding.code') : undefined],
      [labels.kind, coded(resource, 'category.coding.code', messages.categories)],
      [labels.since, since],
      [labels.ended, dateAt(resource, 'abatementDateTime', 'abatementPeriod.end') ?? text(resource, 'abatementString')],
      [labels.recorded, dateAt(resource, 'recordedDate')],
      [labels.severity, concepts(resource, 'severity')],
      ['', certaintyOf(resource, reader)],
      ['', isOwn ? undefined : messages.familyHistory],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function allergy(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, texts } = reader;
  const { labels } = messages;
  return {
    title: concepts(resource, 'code'),
    when: dateAt(resource, 'recordedDate', 'onsetDateTime'),
    facts: [
      [labels.reaction, concepts(resource, 'reaction.manifestation') ?? texts(resource, 'reaction.description')],
      [labels.severity, severityOf(resource, reader)],
      [labels.status, statusOf(resource, reader, 'clinicalStatus.coding.code')],
      ['', certaintyOf(resource, reader)],
      [labels.since, dateAt(resource, 'onsetDateTime')],
      [labels.recorded, dateAt(resource, 'recordedDate')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

function severityOf(resource: unknown, { coded, words: messages }: Reader): string | undefined {
  const reaction = coded(resource, 'reaction.severity', messages.severities);
  const risk = coded(resource, 'criticality', messages.severities);
  const both = [reaction, risk].filter((text) => text !== undefined);
  return both.length === 0 ? undefined : both.join(', ');
}

const wasDone = (resource: unknown): boolean => !elementsAt(resource, 'status').includes('not-done');

export function vaccination(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, text, texts } = reader;
  const { labels } = messages;
  const when = dateAt(resource, 'occurrenceDateTime') ?? text(resource, 'occurrenceString');
  return {
    title: concepts(resource, 'vaccineCode'),
    when,
    facts: [
      [wasDone(resource) ? labels.given : labels.date, when],
      [labels.status, statusOf(resource, reader)],
      ['', elementsAt(resource, 'isSubpotent').includes(true) ? messages.subpotent : undefined],
      [labels.reason, concepts(resource, 'statusReason')],
      [labels.where, referred(resource, 'location', reader)],
      [labels.lot, text(resource, 'lotNumber')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

export function visit(resource: unknown, reader: Reader): EntryText {
  const { words: messages, concepts, dateAt, span } = reader;
  const { labels } = messages;
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
