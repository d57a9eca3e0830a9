import { elementsAt } from '../../fhir/index.ts';
import type { Words } from '../../words/index.ts';
import type { Reader } from './values.ts';

export type SectionName = keyof Words['account']['own']['sections'];

/** One entry of the record, in words. */
export interface EntryText {
  readonly title: string | undefined;
  /** When it was, as it is told; undefined: not written down; empty: it has no day. */
  readonly when: string | undefined;
  readonly facts: readonly (readonly [name: string, text: string | undefined])[];
}

type Describe = (resource: unknown, reader: Reader) => EntryText;

/** Sections of one type each; others have a page of their own kind. */
export const SECTIONS: Readonly<Partial<Record<SectionName, { readonly type: string; readonly describe: Describe }>>> =
  {
    problems: { type: 'Condition', describe: problem },
    medicines: { type: 'MedicationRequest', describe: medicine },
    allergies: { type: 'AllergyIntolerance', describe: allergy },
    vaccinations: { type: 'Immunization', describe: vaccination },
    visits: { type: 'Encounter', describe: visit },
  };

/** FHIR R4: what was entered by mistake is shown as that, and never as current. */
export const isMistake = (resource: unknown): boolean =>
  ['status', 'verificationStatus.coding.code'].some((path) => elementsAt(resource, path).includes('entered-in-error'));

const statusOf = (resource: unknown, { coded, words }: Reader, path: string): string | undefined =>
  isMistake(resource) ? words.mistake : coded(resource, path, words.statuses);

function problem(resource: unknown, reader: Reader): EntryText {
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

function medicine(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, text, texts } = reader;
  const { labels } = words;
  return {
    title: concepts(resource, 'medicationCodeableConcept') ?? text(resource, 'medicationReference.display'),
    when: dateAt(resource, 'authoredOn'),
    facts: [
      [labels.status, statusOf(resource, reader, 'status')],
      [
        labels.howToTake,
        texts(resource, 'dosageInstruction.patientInstruction') ?? texts(resource, 'dosageInstruction.text'),
      ],
      [labels.prescribed, dateAt(resource, 'authoredOn')],
      [labels.by, text(resource, 'requester.display')],
      [labels.reason, concepts(resource, 'reasonCode') ?? texts(resource, 'reasonReference.display')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

function allergy(resource: unknown, reader: Reader): EntryText {
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

function vaccination(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, text, texts } = reader;
  const { labels } = words;
  const when = dateAt(resource, 'occurrenceDateTime') ?? text(resource, 'occurrenceString');
  return {
    title: concepts(resource, 'vaccineCode'),
    when,
    facts: [
      [labels.given, when],
      [labels.status, statusOf(resource, reader, 'status')],
      [labels.reason, concepts(resource, 'statusReason')],
      [labels.where, text(resource, 'location.display')],
      [labels.lot, text(resource, 'lotNumber')],
      [labels.note, texts(resource, 'note.text')],
    ],
  };
}

function visit(resource: unknown, reader: Reader): EntryText {
  const { words, concepts, dateAt, texts } = reader;
  const { labels } = words;
  const start = dateAt(resource, 'period.start');
  const end = dateAt(resource, 'period.end');
  return {
    title: concepts(resource, 'type') ?? concepts(resource, 'class'),
    when: start ?? end,
    facts: [
      [labels.date, start === undefined || end === undefined || start === end ? (start ?? end) : `${start} – ${end}`],
      [labels.reason, concepts(resource, 'reasonCode') ?? texts(resource, 'reasonReference.display')],
      [labels.with, texts(resource, 'participant.individual.display')],
      [labels.where, texts(resource, 'location.location.display') ?? texts(resource, 'serviceProvider.display')],
      [labels.status, statusOf(resource, reader, 'status')],
    ],
  };
}
