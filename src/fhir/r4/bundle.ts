import type { BundleEntry, HistoryBundle, HistoryEntry, SearchsetBundle } from '../model/fhir-version.ts';
import { joinEntries } from '../model/join-entries.ts';

/**
 * Builds a searchset Bundle as JSON text (FHIR R4 §2.36, search §3.1.1.3). The resources arrive as JSON text and are
 * neither parsed nor printed again.
 */
export function searchset(bundle: SearchsetBundle): string {
  const id = bundle.id === undefined ? '' : `"id":${JSON.stringify(bundle.id)},`;
  const next = bundle.next === undefined ? '' : `,{"relation":"next","url":${JSON.stringify(bundle.next)}}`;
  const total = bundle.total === undefined ? '' : `"total":${bundle.total},`;
  const link = `[{"relation":"self","url":${JSON.stringify(bundle.self)}}${next}]`;
  const start = `{"resourceType":"Bundle",${id}"type":"searchset",${total}"link":${link}`;
  // FHIR R4 §2.6.2: JSON arrays are never empty, so a Bundle without entries has no `entry`.
  if (bundle.entries.length === 0) return `${start}}`;
  return joinEntries(`${start},"entry":[`, bundle.entries.map(createEntryPrinter(bundle.base)), ']}');
}

/**
 * Returns a function that prints one Bundle entry as JSON text. The base URL is escaped once for all entries. Types and
 * ids need no escaping, because they consist of letters, digits, dots, and dashes.
 */
export function createEntryPrinter(base: string): (entry: BundleEntry) => string {
  const start = JSON.stringify(`${base}/`).slice(0, -1);
  return ({ type, id, content, mode }) =>
    `{"fullUrl":${start}${type}/${id}","resource":${content},"search":{"mode":"${mode}"}}`;
}

/** Builds a history Bundle as JSON text (FHIR R4 §2.36). Each entry contains the request that created the version. */
export function history({ base, self, next, entries }: HistoryBundle): string {
  const links = [{ relation: 'self', url: self }, ...(next === undefined ? [] : [{ relation: 'next', url: next }])];
  const entry = entries.length === 0 ? '' : `,"entry":[${entries.map((one) => printVersion(one, base)).join(',')}]`;
  return `{"resourceType":"Bundle","type":"history","link":${JSON.stringify(links)}${entry}}`;
}

function printVersion({ type, id, version, first, deleted, lastUpdated, content }: HistoryEntry, base: string): string {
  const fullUrl = JSON.stringify(`${base}/${type}/${id}`);
  const method = first ? 'POST' : deleted ? 'DELETE' : 'PUT';
  const request = { method, url: first ? type : `${type}/${id}` };
  const response = {
    status: first ? '201' : deleted ? '204' : '200',
    etag: `W/"${version}"`,
    lastModified: lastUpdated.toISOString(),
  };
  // FHIR R4 §3.1.0.11: the entry of a deletion has no resource.
  const resource = deleted ? '' : `"resource":${content},`;
  return `{"fullUrl":${fullUrl},${resource}"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`;
}
