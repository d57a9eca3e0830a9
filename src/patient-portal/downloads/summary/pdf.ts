import type { Readable } from 'node:stream';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { createPdfWriter } from '../pdf/writer.ts';
import type { HealthSummarySection, PatientSummary } from './content.ts';

/**
 * Creates the health summary as a PDF. The patient's name and birth date are at the top of each page. The number of rows
 * is limited by the summary, and so are the time and the memory.
 */
export function createSummaryPdf(
  { clock }: Pick<PatientPortalDeps, 'clock'>,
  { messages, pageContext }: PatientPortalContext,
  summary: PatientSummary,
): Readable {
  const { recordDownloads: w } = messages;
  const { patient, title, copy } = summary;
  const born = patient.born === undefined ? '' : ` · ${w.born(patient.born)}`;
  const writer = createPdfWriter({
    // Viewers show the title in lists of recent files, so it doesn't name the patient.
    title,
    language: pageContext.language,
    madeAt: clock.now(),
    header: [`${patient.name}${born}`, copy],
    footer: w.summary.page,
  });
  writeSummary().catch((error: unknown) => writer.bytes.destroy(error as Error));
  return writer.bytes;

  async function writeSummary(): Promise<void> {
    writer.heading(1, title);
    writer.paragraph(copy, 'strong');
    writer.paragraph(summary.origin, 'note');
    writer.heading(2, w.summary.patient);
    const identity = [[w.summary.name, patient.name] as const, ...patient.details];
    await writer.table({ columns: [], rows: identity });
    for (const section of summary.sections) await writeSection(section);
    writer.heading(2, summary.contact.title);
    for (const line of summary.contact.lines) writer.paragraph(line);
    if (writer.hasMissingCharacters()) writer.paragraph(w.summary.missingCharacters, 'note');
    writer.end();
  }

  async function writeSection({ title: heading, table, empty, notes }: HealthSummarySection): Promise<void> {
    writer.heading(2, heading);
    if (table === undefined) writer.paragraph(empty ?? '');
    else await writer.table(table);
    for (const note of notes) writer.paragraph(note, 'note');
  }
}
