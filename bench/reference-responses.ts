import { ORIGIN } from './environment.ts';
import type { PassThroughResponse } from './pass-through.ts';

export const plainReferenceUrl = (name: string): string => `${ORIGIN}/baseline/${encodeURIComponent(name)}`;
export const passThroughUrl = (name: string): string => `${ORIGIN}/pass-through/${encodeURIComponent(name)}`;

/** A response of the server. A reference serves the same bytes without the work behind them. */
export interface StoredResponse {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export async function fetchResponse(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<StoredResponse> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  const ownHeaders = OWN_HEADERS.map((name) => [name, response.headers.get(name)] as const);
  const named = ownHeaders.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return { contentType: response.headers.get('content-type') ?? '', headers: Object.fromEntries(named), text };
}

const OWN_HEADERS = ['cache-control', 'etag', 'last-modified'];

/** Registers bytes that the reference serves from memory. */
export const storePlainReference = (
  name: string,
  { contentType, text }: Pick<StoredResponse, 'contentType' | 'text'>,
): Promise<void> => put(`${plainReferenceUrl(name)}?type=${encodeURIComponent(contentType)}`, text);

/** Registers a response that the reference builds from database rows, and checks that it returns the same bytes. */
export async function storePassThrough(
  name: string,
  response: StoredResponse,
  recordId: number,
  byKeys: boolean,
): Promise<void> {
  const resource = JSON.parse(response.text);
  await put(passThroughUrl(name), JSON.stringify(toPassThrough(resource, response, recordId, byKeys)));
  const passed = await fetchResponse(passThroughUrl(name));
  if (passed.text !== response.text) throw new Error(`${name}: what is passed through differs`);
}

/**
 * Registers a whole record that the reference streams in key order. The order differs from the response, and directory
 * resources are missing, so only the length is compared, which may differ by 5 %.
 */
export async function storeRecordPassThrough(
  name: string,
  { contentType, headers, text }: StoredResponse,
  recordId: number,
): Promise<void> {
  const entry = '"entry":[';
  const [, base = ''] = /"fullUrl":"([^"]+)\/[A-Za-z]+\/[^"/]+"/.exec(text) ?? [];
  const bundle = { head: text.slice(0, text.indexOf(entry) + entry.length), base, tail: ']}' };
  const passed: PassThroughResponse = { contentType, headers, recordId, type: '', rows: { batch: 250 }, bundle };
  await put(passThroughUrl(name), JSON.stringify(passed));
  const { length } = (await fetchResponse(passThroughUrl(name))).text;
  if (Math.abs(length / text.length - 1) > 0.05) throw new Error(`${name}: ${text.length} and ${length} letters`);
}

interface BenchBundle {
  readonly resourceType: string;
  readonly id: string;
  readonly entry?: readonly { readonly fullUrl: string; readonly resource: BenchBundle }[];
}

function toPassThrough(
  resource: BenchBundle,
  { contentType, headers, text }: StoredResponse,
  recordId: number,
  byKeys: boolean,
): PassThroughResponse {
  const { entry } = resource;
  const [first] = entry ?? [];
  if (entry === undefined || first === undefined) {
    const { resourceType: type, id } = resource;
    return { contentType, headers, recordId, type, rows: { ids: [id] }, bundle: undefined };
  }
  const type = first.resource.resourceType;
  const base = first.fullUrl.slice(0, first.fullUrl.indexOf(`/${type}/`));
  const head = text.slice(0, text.indexOf('"entry":[') + '"entry":['.length);
  const rows = byKeys ? { ids: entry.map((one) => one.resource.id) } : { newest: entry.length };
  return { contentType, headers, recordId, type, rows, bundle: { head, base, tail: ']}' } };
}

async function put(url: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await fetch(url, { method: 'PUT', body, headers });
  if (!response.ok) throw new Error(await response.text());
}
