import type { Passed } from './pass-through.ts';
import { ORIGIN } from './world.ts';

export const bareOf = (name: string): string => `${ORIGIN}/baseline/${encodeURIComponent(name)}`;
export const passedOf = (name: string): string => `${ORIGIN}/pass-through/${encodeURIComponent(name)}`;

/** An answer whose bytes are served again by the references. */
export interface Kept {
  readonly contentType: string;
  /** Its own, beside those that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export async function answerOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Kept> {
  const response = await fetch(url, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  const own = OWN.map((name) => [name, response.headers.get(name)] as const);
  const named = own.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  return { contentType: response.headers.get('content-type') ?? '', headers: Object.fromEntries(named), text };
}

const OWN = ['cache-control', 'etag', 'last-modified'];

/** Has these bytes served bare. */
export const keepBare = (name: string, { contentType, text }: Pick<Kept, 'contentType' | 'text'>): Promise<void> =>
  put(`${bareOf(name)}?type=${encodeURIComponent(contentType)}`, text);

/** Has this answer passed through, and makes sure that it is the same to the last byte. */
export async function keepPassed(name: string, answer: Kept, recordId: number, byKeys: boolean): Promise<void> {
  const resource = JSON.parse(answer.text);
  await put(passedOf(name), JSON.stringify(passedFrom(resource, answer, recordId, byKeys)));
  const passed = await answerOf(passedOf(name));
  if (passed.text !== answer.text) throw new Error(`${name}: what is passed through differs`);
}

/**
 * Has the whole record passed through, by its keys and as a stream. It comes in another order, without what the answer has
 * of a directory: that has to be next to nothing.
 */
export async function keepRecord(name: string, { contentType, headers, text }: Kept, recordId: number): Promise<void> {
  const entry = '"entry":[';
  const [, base = ''] = /"fullUrl":"([^"]+)\/[A-Za-z]+\/[^"/]+"/.exec(text) ?? [];
  const bundle = { head: text.slice(0, text.indexOf(entry) + entry.length), base, tail: ']}' };
  const passed: Passed = { contentType, headers, recordId, type: '', rows: { batch: 250 }, bundle };
  await put(passedOf(name), JSON.stringify(passed));
  const { length } = (await answerOf(passedOf(name))).text;
  if (Math.abs(length / text.length - 1) > 0.05) throw new Error(`${name}: ${text.length} and ${length} letters`);
}

interface Bundle {
  readonly resourceType: string;
  readonly id: string;
  readonly entry?: readonly { readonly fullUrl: string; readonly resource: Bundle }[];
}

function passedFrom(resource: Bundle, { contentType, headers, text }: Kept, recordId: number, byKeys: boolean): Passed {
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
