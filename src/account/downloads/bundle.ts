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
 * The whole record as a FHIR R4 Bundle, what it names of the practice's directory and its documents with it. Text that is
 * stored is sent as it is; nothing is held in memory but what is on its way.
 */
export async function* r4Bundle(deps: AccountDeps, whose: Holder): AsyncGenerator<string> {
  const { db, addresses, clock } = deps;
  const base = addresses.fhir.r4;
  const named = new Set<string>();
  async function* entries(): AsyncGenerator<string> {
    for await (const { type, id, content } of wholeRecord(db, whose)) {
      for (const reference of referencesIn(content)) named.add(reference);
      yield entryText(base, type, id, withBinaries(type, content, base));
    }
    yield* directory(deps, whose, named, base);
    for (const id of await ownDocumentIds(db, whose)) yield* binary(deps, whose, id, r4);
  }
  yield* bundle(clock.now(), entries());
}

/** The record as DSTU2 has it, with what it names of the directory: what that version can't hold is not in it. */
export async function* dstu2Bundle(deps: AccountDeps, whose: Holder): AsyncGenerator<string> {
  const { db, addresses } = deps;
  const base = addresses.fhir.dstu2;
  const named = new Set<string>();
  const documents = new Set<string>();
  async function* entries(): AsyncGenerator<string> {
    for await (const { content } of wholeRecord(db, whose, dstu2.projection)) {
      for (const reference of referencesIn(content)) named.add(reference);
      // One stored resource may be two here, and of another type: what it is it says itself.
      const { resourceType, id } = JSON.parse(content) as { readonly resourceType: string; readonly id: string };
      for (const document of placedDocumentIds(content)) documents.add(document);
      yield entryText(base, resourceType, id, withBinaries(resourceType, content, base));
    }
    yield* directory(deps, whose, named, base, dstu2.projection);
    // Not those of resources that DSTU2 doesn't have.
    for (const id of documents) yield* binary(deps, whose, id, dstu2);
  }
  yield* bundle(undefined, entries());
}

async function* binary(
  { db, addresses }: AccountDeps,
  whose: Holder,
  id: string,
  version: FhirVersion,
): AsyncGenerator<string> {
  const document = await ownDocument(db, whose, id);
  if (document === undefined) return;
  const { contentType, bytes } = document;
  const resource = version.binary({ id, contentType, bytes });
  yield entryText(addresses.fhir[version.api], 'Binary', id, JSON.stringify(resource));
}

/** What a record names of the directory, and what that names of itself, until nothing is new. */
async function* directory(
  { db }: AccountDeps,
  whose: Holder,
  wanted: ReadonlySet<string>,
  base: string,
  projection?: string,
): AsyncGenerator<string> {
  const known = new Set<string>();
  for (let next = [...wanted]; next.length > 0; next = next.filter((reference) => !known.has(reference))) {
    for (const reference of next) known.add(reference);
    const rows = await ownDirectory(db, whose, next, projection);
    for (const { type, id, content } of rows) yield entryText(base, type, id, content);
    next = [...new Set(rows.flatMap(({ content }) => referencesIn(content)))];
  }
}

/** @param at R4: when it was made; DSTU2 has no place for that */
async function* bundle(at: Date | undefined, entries: AsyncGenerator<string>): AsyncGenerator<string> {
  const timestamp = at === undefined ? '' : `,"timestamp":"${at.toISOString()}"`;
  yield `{"resourceType":"Bundle","type":"collection"${timestamp}`;
  let before = ',"entry":[';
  for await (const entry of entries) {
    yield `${before}${entry}`;
    before = ',';
  }
  // FHIR JSON: a list is never empty.
  yield before === ',' ? ']}' : '}';
}

const entryText = (base: string, type: string, id: string, content: string): string =>
  `{"fullUrl":${JSON.stringify(`${base}/${type}/${id}`)},"resource":${content}}`;

const REFERENCE = /"((?:Practitioner|PractitionerRole|Organization|Location|Endpoint)\/[0-9a-f-]{36})"/g;
const referencesIn = (content: string): readonly string[] =>
  [...content.matchAll(REFERENCE)].map(([, reference = '']) => reference);

/** A document is in the Bundle as a Binary, and the API has it at the same address. */
const withBinaries = (type: string, content: string, base: string): string =>
  mayHaveDocuments(type) ? withDocumentAddresses(content, base) : content;
