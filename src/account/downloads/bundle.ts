import {
  dstu2,
  type Holder,
  mayHaveDocuments,
  type OwnEntry,
  ownDirectory,
  ownDocument,
  ownDocumentIds,
  parseJson,
  placedDocumentId,
  wholeRecord,
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
    for await (const entry of wholeRecord(db, whose)) {
      for (const reference of referencesIn(entry.content)) named.add(reference);
      yield entryText(base, entry.type, entry.id, withBinaries(entry, base));
    }
    yield* directory(deps, whose, named, base);
    for (const id of await ownDocumentIds(db, whose)) yield* binary(id);
  }
  async function* binary(id: string): AsyncGenerator<string> {
    const document = await ownDocument(db, whose, id);
    if (document === undefined) return;
    const { contentType, bytes } = document;
    const data = bytes.length === 0 ? {} : { data: bytes.toString('base64') };
    yield entryText(base, 'Binary', id, JSON.stringify({ resourceType: 'Binary', id, contentType, ...data }));
  }
  yield* bundle(clock.now(), entries());
}

/** The record as DSTU2 has it, with what it names of the directory: what that version can't hold is not in it. */
export async function* dstu2Bundle(deps: AccountDeps, whose: Holder): AsyncGenerator<string> {
  const { db, addresses } = deps;
  const named = new Set<string>();
  async function* entries(): AsyncGenerator<string> {
    for await (const { content } of wholeRecord(db, whose, dstu2.projection)) {
      for (const reference of referencesIn(content)) named.add(reference);
      // One stored resource may be two here, and of another type: what it is it says itself.
      const { resourceType, id } = JSON.parse(content) as { readonly resourceType: string; readonly id: string };
      yield entryText(addresses.fhir.dstu2, resourceType, id, content);
    }
    yield* directory(deps, whose, named, addresses.fhir.dstu2, dstu2.projection);
  }
  yield* bundle(undefined, entries());
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

const REFERENCE = /"((?:Practitioner|Organization|Location)\/[0-9a-f-]{36})"/g;
const referencesIn = (content: string): readonly string[] =>
  [...content.matchAll(REFERENCE)].map(([, reference = '']) => reference);

/** A document is in the Bundle as a Binary, and the API has it at the same address. */
function withBinaries({ type, content }: OwnEntry, base: string): string {
  if (!mayHaveDocuments(type)) return content;
  return content.replaceAll(/"patient-access:document\/[a-z]{2,4}-[0-9a-f-]{36}"/g, (text) => {
    const id = placedDocumentId(String(parseJson(text)));
    return id === undefined ? text : JSON.stringify(`${base}/Binary/${id}`);
  });
}
