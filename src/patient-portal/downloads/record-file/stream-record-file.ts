import { type BoundedCount, countRecordEntries, requireRecordAccess } from '../../../fhir/index.ts';
import { emptyHtml, type Html, html, htmlToString } from '../../../kernel/index.ts';
import { formatMinute } from '../../date-format.ts';
import type { PatientPortalDeps } from '../../deps.ts';
import type { PatientPortalContext } from '../../portal-context.ts';
import { countSections } from '../../record/section-counts.ts';
import { RECORD_SECTIONS, type RecordSectionName } from '../../record/sections.ts';
import { loadPatientIdentity } from '../patient-identity.ts';
import { createDocumentEmbedder } from './documents.ts';
import {
  aboutEntries,
  type FileDeps,
  listEntries,
  observationTable,
  otherEntries,
  peopleEntries,
  sourceTable,
} from './sections.ts';
import { FILE_POLICY, FILE_STYLES } from './styles.ts';

interface FileSection {
  /** Identifies the section in the file's links. */
  readonly id: string;
  readonly title: string;
  readonly parts: () => AsyncGenerator<Html>;
}

/**
 * Streams the whole record as one HTML file that needs no other file, no script and no network. Entries look as on the
 * pages of the record, so those that were entered in error say so. Only the part being sent is held in memory.
 * @throws Error if the account loses access while it reads, because an incomplete file must not look complete
 */
export async function* streamRecordFile(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
): AsyncGenerator<string> {
  const { messages, record, pageContext } = context;
  const { recordDownloads: w } = messages;
  const patient = await loadPatientIdentity(deps, context);
  const file: FileDeps = { deps, context, embed: createDocumentEmbedder(deps, context) };
  const sections = await findSections(file);
  const emptySections = findEmptySections(context, sections);
  const title = w.file.title(patient.name);
  yield htmlToString(html`<!doctype html>
<html lang="${pageContext.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${FILE_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
`);
  yield `<style>${FILE_STYLES}</style>`;
  yield htmlToString(html`
</head>
<body>
<header>
<h1>${title}</h1>
${patient.born === undefined ? '' : html`<p>${w.born(patient.born)}</p>`}
<p><b>${w.copy(formatMinute(context, deps.clock.now()))}</b></p>
<p>${w.source(record.practiceName)} ${w.limits}</p>
<p>${w.file.lead}</p>
</header>
<nav aria-label="${w.file.contents}"><h2>${w.file.contents}</h2>
<ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>`);
  for (const { id, title: name, parts } of sections) {
    yield htmlToString(html`
<section><h2 id="${id}">${name}</h2>${leadOf(context, id)}`);
    let isEmpty = true;
    for await (const part of parts()) {
      isEmpty = false;
      yield htmlToString(part);
    }
    yield htmlToString(html`${isEmpty ? html`<p>${messages.patientRecord.nothing}</p>` : ''}</section>`);
  }
  await requireRecordAccess(deps.db, context.accountRecord);
  yield htmlToString(html`
${emptySections.length === 0 ? '' : html`<section><h2>${messages.patientRecord.emptySections}</h2><ul>${emptySections.map((name) => html`<li>${name}</li>`)}</ul></section>`}
</main>
<footer><p><b>${w.file.end}</b></p></footer>
</body>
</html>
`);
}

/**
 * Returns the titles of sections that have no entries. They are listed because it is clinically meaningful that the
 * practice sent no allergies or medicines.
 */
const findEmptySections = ({ messages }: PatientPortalContext, sections: readonly FileSection[]): readonly string[] => {
  const filled = new Set(sections.map(({ id }) => id));
  return Object.entries(messages.patientRecord.sections).flatMap(([name, title]) => (filled.has(name) ? [] : [title]));
};

function leadOf({ messages }: PatientPortalContext, section: string): Html {
  const lead = (messages.patientRecord.leads as Readonly<Record<string, string>>)[section];
  return lead === undefined ? emptyHtml : html`<p>${lead}</p>`;
}

/** Whether the section has entries, or may have some because counting stopped before it had read all observations. */
const mayHaveEntries = (count: BoundedCount | undefined): boolean =>
  count !== undefined && (count.entries > 0 || count.isMinimum);

/** Types that have their own section in the file, besides those of `RECORD_SECTIONS`. */
const TYPES_WITH_SECTION = ['Patient', 'RelatedPerson', 'Observation', 'Provenance'];

/** Returns the sections that may have entries, in the order of the record's pages, then entries that no page shows. */
async function findSections(file: FileDeps): Promise<readonly FileSection[]> {
  const { deps, context } = file;
  const { patientRecord, recordDownloads } = context.messages;
  const counts = await countRecordEntries(deps.db, context.accountRecord);
  const observed = await countSections(deps, context);
  const toSection = (name: RecordSectionName): readonly FileSection[] => {
    const title = patientRecord.sections[name];
    const groups = RECORD_SECTIONS[name] ?? [];
    if (name === 'about') return [{ id: name, title, parts: () => aboutEntries(file) }];
    if (name === 'people') return [{ id: name, title, parts: () => peopleEntries(file) }];
    if (name === 'measurements' || name === 'results' || name === 'other')
      return mayHaveEntries(observed.get(name)) ? [{ id: name, title, parts: () => observationTable(file, name) }] : [];
    return groups.some(({ type }) => counts.has(type))
      ? [{ id: name, title, parts: () => listEntries(file, groups) }]
      : [];
  };
  const listed = Object.values(RECORD_SECTIONS).flatMap((groups) => groups.map(({ type }) => type));
  const others = [...counts.keys()].filter((type) => ![...listed, ...TYPES_WITH_SECTION].includes(type)).sort();
  return [
    ...(Object.keys(patientRecord.sections) as RecordSectionName[]).flatMap(toSection),
    ...(others.length > 0
      ? [{ id: 'more', title: recordDownloads.file.otherEntries, parts: () => otherEntries(file, others) }]
      : []),
    ...(counts.has('Provenance')
      ? [{ id: 'sources', title: recordDownloads.file.sources, parts: () => sourceTable(file) }]
      : []),
  ];
}
