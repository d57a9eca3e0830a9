import {
  dstu2,
  type FhirVersion,
  findDocumentIds,
  listRecordDocumentIds,
  mayHaveDocuments,
  type RecordUser,
  r4,
  readDirectoryEntries,
  readRecordDocument,
  streamRecord,
  withDocumentUrls,
} from '../../fhir/index.ts';
import type { PatientPortalDeps } from '../deps.ts';

/**
 * Streams the whole record as a FHIR R4 Bundle, with its documents and the directory resources that it refers to. The
 * stored JSON is sent unchanged, and only the part being sent is held in memory.
 */
export async function* streamR4Bundle(deps: PatientPortalDeps, accountRecord: RecordUser): AsyncGenerator<string> {
  const { db, addresses, clock } = deps;
  const base = addresses.fhir.r4;
  const references = new Set<string>();
  async function* entries(): AsyncGenerator<string> {
    for await (const { type, id, content } of streamRecord(db, accountRecord)) {
      for (const reference of directoryReferences(content)) references.add(reference);
      yield toEntryJson(base, type, id, addDocumentAddresses(type, content, base));
    }
    yield* directoryEntries(deps, accountRecord, references, base);
    for (const id of await listRecordDocumentIds(db, accountRecord)) yield* documentEntry(deps, accountRecord, id, r4);
  }
  yield* streamBundle(clock.now(), entries());
}

/**
 * Streams the record as a DSTU2 Bundle, with the directory resources that it refers to. Content that DSTU2 can't
 * represent is left out.
 */
export async function* streamDstu2Bundle(deps: PatientPortalDeps, accountRecord: RecordUser): AsyncGenerator<string> {
  const { db, addresses } = deps;
  const base = addresses.fhir.dstu2;
  const references = new Set<string>();
  const documents = new Set<string>();
  async function* entries(): AsyncGenerator<string> {
    for await (const { content } of streamRecord(db, accountRecord, dstu2.projection)) {
      for (const reference of directoryReferences(content)) references.add(reference);
      // An R4 resource can become two DSTU2 resources, or a DSTU2 resource of another type. The type is therefore read
      // from the DSTU2 content.
      const { resourceType, id } = JSON.parse(content) as { readonly resourceType: string; readonly id: string };
      for (const document of findDocumentIds(content)) documents.add(document);
      yield toEntryJson(base, resourceType, id, addDocumentAddresses(resourceType, content, base));
    }
    yield* directoryEntries(deps, accountRecord, references, base, dstu2.projection);
    // Only documents of resources that exist in DSTU2 are included.
    for (const id of documents) yield* documentEntry(deps, accountRecord, id, dstu2);
  }
  yield* streamBundle(undefined, entries());
}

async function* documentEntry(
  { db, addresses }: PatientPortalDeps,
  accountRecord: RecordUser,
  id: string,
  version: FhirVersion,
): AsyncGenerator<string> {
  const document = await readRecordDocument(db, accountRecord, id);
  if (document === undefined) return;
  const { contentType, bytes } = document;
  const resource = version.binary({ id, contentType, bytes });
  yield toEntryJson(addresses.fhir[version.api], 'Binary', id, JSON.stringify(resource));
}

/**
 * Yields the directory resources (practitioners, organizations and so on) that the record refers to, then those that
 * they refer to in turn, until there are no new ones.
 */
async function* directoryEntries(
  { db }: PatientPortalDeps,
  accountRecord: RecordUser,
  references: ReadonlySet<string>,
  base: string,
  projection?: string,
): AsyncGenerator<string> {
  const sent = new Set<string>();
  for (let next = [...references]; next.length > 0; next = next.filter((reference) => !sent.has(reference))) {
    for (const reference of next) sent.add(reference);
    const rows = await readDirectoryEntries(db, accountRecord, next, projection);
    for (const { type, id, content } of rows) yield toEntryJson(base, type, id, content);
    next = [...new Set(rows.flatMap(({ content }) => directoryReferences(content)))];
  }
}

/**
 * Streams a Bundle around its entries.
 * @param at time of an R4 Bundle; undefined for DSTU2, where a Bundle has no timestamp
 */
async function* streamBundle(at: Date | undefined, entries: AsyncGenerator<string>): AsyncGenerator<string> {
  const timestamp = at === undefined ? '' : `,"timestamp":"${at.toISOString()}"`;
  yield `{"resourceType":"Bundle","type":"collection"${timestamp}`;
  let separator = ',"entry":[';
  for await (const entry of entries) {
    yield `${separator}${entry}`;
    separator = ',';
  }
  // In FHIR JSON an array is never empty, so an empty Bundle has no `entry`.
  yield separator === ',' ? ']}' : '}';
}

const toEntryJson = (base: string, type: string, id: string, content: string): string =>
  `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${content}}`;

const DIRECTORY_REFERENCE = /"((?:Practitioner|PractitionerRole|Organization|Location|Endpoint)\/[0-9a-f-]{36})"/g;
const directoryReferences = (content: string): readonly string[] =>
  [...content.matchAll(DIRECTORY_REFERENCE)].map(([, reference = '']) => reference);

/** Sets the URLs of attachments to the Binary entries of the Bundle. The API serves the documents at the same URLs. */
const addDocumentAddresses = (type: string, content: string, base: string): string =>
  mayHaveDocuments(type) ? withDocumentUrls(content, base) : content;
