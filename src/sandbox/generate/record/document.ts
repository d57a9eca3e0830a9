import { createHash } from 'node:crypto';
import { timeText } from '../calendar.ts';
import type { Chart, Visit } from '../chart.ts';
import { coding, conceptOf, profiled } from '../codes/coding.ts';
import { visitKind } from '../codes/visits.ts';
import { LOCATIONS } from '../directory/places.ts';
import type { PractitionerKey } from '../directory/practitioners.ts';
import type { Measured } from '../notes/visit-note.ts';
import { visitNote } from '../notes/visit-note.ts';
import { writePdf } from '../pdf.ts';

const NOTE = conceptOf('noteCategory', 'clinical-note', 'Clinical Note');
const FORMATS = {
  'text/plain': coding('format', 'urn:ihe:iti:xds:2017:mimeTypeSufficient', 'mimeType Sufficient'),
  'application/pdf': coding('format', 'urn:ihe:iti:xds:2017:mimeTypeSufficient', 'mimeType Sufficient'),
} as const;

/**
 * The visit's note, if staff write one: hospital letters, specialist letters and checkup notes as PDF, others as plain
 * text.
 */
export function recordDocument(chart: Chart, visit: Visit, measured: Measured): void {
  const { note, type, place } = visitKind(visit.plan.kind);
  if (note === undefined) return;
  const text = visitNote(chart, visit, measured);
  const title = `${type.text}, ${timeText(visit.start).slice(0, 10)}`;
  const printed = ['hospital', 'consult', 'checkup'].includes(visit.plan.kind);
  const organization = chart.directory.organization(LOCATIONS[place].of);
  chart.add(
    'DocumentReference',
    `note ${visit.key}`,
    {
      meta: profiled('us-core-documentreference'),
      identifier: [originalOf(chart, visit.key)],
      status: 'current',
      docStatus: 'final',
      type: note,
      category: [NOTE],
      subject: chart.subject,
      date: timeText(visit.end),
      author: [chart.directory.practitioner(visit.plan.by)],
      custodian: organization,
      description: title,
      content: [
        contentOf(
          printed ? writePdf(text, title) : Buffer.from(plain(text)),
          printed ? 'application/pdf' : 'text/plain',
          title,
          timeText(visit.end),
        ),
      ],
      context: {
        encounter: [visit.encounter],
        period: { start: timeText(visit.start), end: timeText(visit.end) },
        facilityType: { text: chart.directory.location(place).display },
      },
    },
    visit,
  );
}

const NOTES = {
  procedure: conceptOf('loinc', '28570-0', 'Procedure note'),
  operation: conceptOf('loinc', '11504-8', 'Surgical operation note'),
  imaging: conceptOf('loinc', '18748-4', 'Diagnostic imaging study', 'Imaging report'),
  laboratory: conceptOf('loinc', '11502-2', 'Laboratory report'),
  pathology: conceptOf('loinc', '11526-1', 'Pathology study', 'Tissue under the microscope'),
};

/**
 * A note in addition to the visit's: about a procedure, imaging, pathology or laboratory. The types are LOINC codes of
 * US Core's clinical notes.
 */
export function recordNote(
  chart: Chart,
  { key, title, text, type, by, start, end }: Note,
  visit: Visit | undefined,
): void {
  const [began, ended] = [timeText(start), timeText(end)];
  const body = `# ${title}\n${text}\n\nThis is made-up sandbox data about a person who does not exist.`;
  chart.add(
    'DocumentReference',
    `note ${key}`,
    {
      meta: profiled('us-core-documentreference'),
      identifier: [originalOf(chart, key)],
      status: 'current',
      docStatus: 'final',
      type: NOTES[type],
      category: [NOTE],
      subject: chart.subject,
      date: ended,
      author: [chart.directory.practitioner(by)],
      description: title,
      content: [contentOf(Buffer.from(plain(body)), 'text/plain', title, ended)],
      context: {
        ...(visit === undefined ? {} : { encounter: [visit.encounter] }),
        period: { start: began, end: ended },
      },
    },
    visit,
  );
}

interface Note {
  readonly key: string;
  readonly type: keyof typeof NOTES;
  readonly title: string;
  readonly text: string;
  readonly by: PractitionerKey;
  readonly start: Date;
  readonly end: Date;
}

export const originalOf = (chart: Chart, key: string) => ({
  system: 'urn:ietf:rfc:3986',
  value: `urn:uuid:${chart.pointer('DocumentReference', `original ${key}`).reference.slice(18)}`,
});

/** Renders headings with underlines for plain text. */
const plain = (text: string): string =>
  text.replace(/^# (.*)$/gm, (_, heading: string) => `${heading}\n${'='.repeat(heading.length)}`);

export const contentOf = (bytes: Buffer, contentType: keyof typeof FORMATS, title: string, creation: string) => ({
  attachment: {
    contentType,
    language: 'en-US',
    data: bytes.toString('base64'),
    size: bytes.length,
    hash: createHash('sha1').update(bytes).digest('base64'),
    title,
    creation,
  },
  format: FORMATS[contentType],
});
