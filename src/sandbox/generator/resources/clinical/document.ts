import { createHash } from 'node:crypto';
import { codeableConcept, coding, profileMeta } from '../../../codes/coding.ts';
import { visitKind } from '../../../codes/visits.ts';
import { LOCATIONS } from '../../../directory/organizations.ts';
import type { PractitionerKey } from '../../../directory/practitioners.ts';
import { toFhirDateTime } from '../../../scenarios/calendar.ts';
import type { RecordBuilder, ScheduledVisit } from '../../record-builder.ts';
import type { MeasuredVitals } from '../../visit-note.ts';
import { visitNote } from '../../visit-note.ts';
import { writePdf } from '../../write-pdf.ts';

const NOTE = codeableConcept('noteCategory', 'clinical-note', 'Clinical Note');
const FORMATS = {
  'text/plain': coding('format', 'urn:ihe:iti:xds:2017:mimeTypeSufficient', 'mimeType Sufficient'),
  'application/pdf': coding('format', 'urn:ihe:iti:xds:2017:mimeTypeSufficient', 'mimeType Sufficient'),
} as const;

/**
 * The visit's note, if staff write one: hospital letters, specialist letters and checkup notes as PDF, others as plain
 * text.
 */
export function addDocument(chart: RecordBuilder, visit: ScheduledVisit, measured: MeasuredVitals): void {
  const { note, type, location } = visitKind(visit.plan.kind);
  if (note === undefined) return;
  const text = visitNote(chart, visit, measured);
  const title = `${type.text}, ${toFhirDateTime(visit.start).slice(0, 10)}`;
  const printed = ['hospital', 'consult', 'checkup'].includes(visit.plan.kind);
  const organization = chart.directory.organization(LOCATIONS[location].organizationKey);
  chart.add(
    'DocumentReference',
    `note ${visit.key}`,
    {
      meta: profileMeta('us-core-documentreference'),
      identifier: [originalNote(chart, visit.key)],
      status: 'current',
      docStatus: 'final',
      type: note,
      category: [NOTE],
      subject: chart.subject,
      date: toFhirDateTime(visit.end),
      author: [chart.directory.practitioner(visit.plan.by)],
      custodian: organization,
      description: title,
      content: [
        documentContent(
          printed ? writePdf(text, title) : Buffer.from(toPlainText(text)),
          printed ? 'application/pdf' : 'text/plain',
          title,
          toFhirDateTime(visit.end),
        ),
      ],
      context: {
        encounter: [visit.encounter],
        period: { start: toFhirDateTime(visit.start), end: toFhirDateTime(visit.end) },
        facilityType: { text: chart.directory.location(location).display },
      },
    },
    visit,
  );
}

const NOTES = {
  procedure: codeableConcept('loinc', '28570-0', 'Procedure note'),
  operation: codeableConcept('loinc', '11504-8', 'Surgical operation note'),
  imaging: codeableConcept('loinc', '18748-4', 'Diagnostic imaging study', 'Imaging report'),
  laboratory: codeableConcept('loinc', '11502-2', 'Laboratory report'),
  pathology: codeableConcept('loinc', '11526-1', 'Pathology study', 'Tissue under the microscope'),
};

/**
 * Adds another note of a visit: about a procedure, imaging, pathology or laboratory. Its type is one of the LOINC codes
 * of US Core's clinical notes.
 */
export function addNote(
  chart: RecordBuilder,
  { key, title, text, type, by, start, end }: ClinicalNote,
  visit: ScheduledVisit | undefined,
): void {
  const [began, ended] = [toFhirDateTime(start), toFhirDateTime(end)];
  const body = `# ${title}\n${text}\n\nThis is made-up sandbox data about a person who does not exist.`;
  chart.add(
    'DocumentReference',
    `note ${key}`,
    {
      meta: profileMeta('us-core-documentreference'),
      identifier: [originalNote(chart, key)],
      status: 'current',
      docStatus: 'final',
      type: NOTES[type],
      category: [NOTE],
      subject: chart.subject,
      date: ended,
      author: [chart.directory.practitioner(by)],
      description: title,
      content: [documentContent(Buffer.from(toPlainText(body)), 'text/plain', title, ended)],
      context: {
        ...(visit === undefined ? {} : { encounter: [visit.encounter] }),
        period: { start: began, end: ended },
      },
    },
    visit,
  );
}

interface ClinicalNote {
  readonly key: string;
  readonly type: keyof typeof NOTES;
  readonly title: string;
  readonly text: string;
  readonly by: PractitionerKey;
  readonly start: Date;
  readonly end: Date;
}

export const originalNote = (chart: RecordBuilder, key: string) => ({
  system: 'urn:ietf:rfc:3986',
  value: `urn:uuid:${chart.referenceTo('DocumentReference', `original ${key}`).reference.slice(18)}`,
});

/** Converts a note to plain text, with each heading underlined. */
const toPlainText = (text: string): string =>
  text.replace(/^# (.*)$/gm, (_, heading: string) => `${heading}\n${'='.repeat(heading.length)}`);

export const documentContent = (bytes: Buffer, contentType: keyof typeof FORMATS, title: string, creation: string) => ({
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
