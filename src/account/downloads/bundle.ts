import {
  dstu2,
  type FhirVersion,
  type Holder,
  mayHaveDocuments,
  ownDirectory,
  ownDocument,
  ownDocumentIds,
  placedDocumentIds,
  r4,
  wholeRecord,
  withDocumentAddresses,
} from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';

/**
 * Streams the whole record as a FHIR R4 Bundle, with its documents and the directory resources it refers to. Stored
 * text is sent unchanged, and only the part being sent is held in memory.
 */
export async function* r4Bundle(deps: AccountDeps, accountRecord: Holder): AsyncGenerator<string> {
  const { db, addresses, clock } = deps;
  const base = addresses.fhir.r4;
  const references = new Set<string>();
  async function* entries(): AsyncGenerator<string> {
    for await (const { type, id, content } of wholeRecord(db, accountRecord)) {
      for (const reference of referencesIn(content)) references.add(reference);
      yield entryText(base, type, id, withBinaries(type, content, base));
    }
    yield* directory(deps, accountRecord, references, base);
    for (const id of await ownDocumentIds(db, accountRecord)) yield* binary(deps, accountRecord, id, r4);
  }
  yield* bundle(clock.now(), entries());
}

/**
 * Streams the record as a DSTU2 Bundle, with the directory resources it refers to. Content that DSTU2 can't represent
 * is left out.
 */
export async function* dstu2Bundle(deps: AccountDeps, accountRecord: Holder): AsyncGenerator<string> {
  const { db, addresses } = deps;
  const base = addresses.fhir.dstu2;
  const references = new Set<string>();
  const documents = new Set<string>();
  async function* entries(): AsyncGenerator<string> {
    for await (const { content } of wholeRecord(db, accountRecord, dstu2.projection)) {
      for (const reference of referencesIn(content)) references.add(reference);
      // One stored resource can become two DSTU2 resources, and of another type, so the type is read from the content.
      const { resourceType, id } = JSON.parse(content) as { readonly resourceType: string; readonly id: string };
      for (const document of placedDocumentIds(content)) documents.add(document);
      yield entryText(base, resourceType, id, withBinaries(resourceType, content, base));
    }
    yield* directory(deps, accountRecord, references, base, dstu2.projection);
    // Documents of resources that DSTU2 doesn't have are left out.
    for (const id of documents) yield* binary(deps, accountRecord, id, dstu2);
  }
  yield* bundle(undefined, entries());
}

async function* binary(
  { db, addresses }: AccountDeps,
  accountRecord: Holder,
  id: string,
  version: FhirVersion,
): AsyncGenerator<string> {
  const document = await ownDocument(db, accountRecord, id);
  if (document === undefined) return;
  const { contentType, bytes } = document;
  const resource = version.binary({ id, contentType, bytes });
  yield entryText(addresses.fhir[version.api], 'Binary', id, JSON.stringify(resource));
}

/** Yields the directory resources that the record refers to, then those that they refer to, until none are new. */
async function* directory(
  { db }: AccountDeps,
  accountRecord: Holder,
  references: ReadonlySet<string>,
  base: string,
  projection?: string,
): AsyncGenerator<string> {
  const sent = new Set<string>();
  for (let next = [...references]; next.length > 0; next = next.filter((reference) => !sent.has(reference))) {
    for (const reference of next) sent.add(reference);
    const rows = await ownDirectory(db, accountRecord, next, projection);
    for (const { type, id, content } of rows) yield entryText(base, type, id, content);
    next = [...new Set(rows.flatMap(({ content }) => referencesIn(content)))];
  }
}

/** @param at time of the R4 Bundle; DSTU2 Bundles have no timestamp */
async function* bundle(at: Date | undefined, entries: AsyncGenerator<string>): AsyncGenerator<string> {
  const timestamp = at === undefined ? '' : `,"timestamp":"${at.toISOString()}"`;
  yield `{"resourceType":"Bundle","type":"collection"${timestamp}`;
  let separator = ',"entry":[';
  for await (const entry of entries) {
    yield `${separator}${entry}`;
    separator = ',';
  }
  // FHIR JSON: an array is never empty.
  yield separator === ',' ? ']}' : '}';
}

const entryText = (base: string, type: string, id: string, content: string): string =>
  `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${content}}`;

const REFERENCE = /"((?:Practitioner|PractitionerRole|Organization|Location|Endpoint)\/[0-9a-f-]{36})"/g;
const referencesIn = (content: string): readonly string[] =>
  [...content.matchAll(REFERENCE)].map(([, reference = '']) => reference);

/** Points attachments at the Binary entries of the Bundle. The API serves the documents at the same addresses. */
const withBinaries = (type: string, content: string, base: string): string =>
  mayHaveDocuments(type) ? withDocumentAddresses(content, base) : content;
