/** An answer of a FHIR API, as it came. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly milliseconds: number;
  readonly bytes: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** undefined: it is no JSON. */
  readonly json: unknown;
  readonly blob: Blob;
  readonly fileName: string;
}

/** Those that tell something; the rest is the same for every answer. */
const TOLD = [
  'content-type',
  'etag',
  'last-modified',
  'x-request-id',
  'www-authenticate',
  'retry-after',
  'content-disposition',
];

/** By the token alone: no cookie goes along. */
export async function ask(url: string, token: string): Promise<Answer> {
  const begun = performance.now();
  const answer = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    credentials: 'omit',
    cache: 'no-store',
  });
  const blob = await answer.blob();
  const milliseconds = Math.round(performance.now() - begun);
  const { status, statusText, headers } = answer;
  return {
    status,
    statusText,
    milliseconds,
    bytes: blob.size,
    headers: TOLD.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ''] as const] : [])),
    json: await jsonOf(blob, headers.get('content-type') ?? ''),
    blob,
    fileName: /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'document',
  };
}

async function jsonOf(blob: Blob, type: string): Promise<unknown> {
  if (!/json/.test(type)) return undefined;
  try {
    return JSON.parse(await blob.text());
  } catch {
    return undefined;
  }
}

/** For a shell. @param token undefined: it is left out, to be filled in */
export const curlOf = (url: string, token: string | undefined): string =>
  `curl ${quoted(url)} \\\n  -H ${quoted('Accept: application/json')} \\\n  -H ${token === undefined ? '"Authorization: Bearer $ACCESS_TOKEN"' : quoted(`Authorization: Bearer ${token}`)}`;

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The path below the base that a value of an answer leads to; undefined: it is no link of this API. */
export function linkOf(base: string, key: string, value: string): string | undefined {
  if (value.startsWith(`${base}/`)) return value.slice(base.length);
  return key === 'reference' && /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(value) ? `/${value}` : undefined;
}
