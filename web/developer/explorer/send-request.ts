/** A response of the FHIR API, as the explorer shows it. */
export interface ExplorerResponse {
  readonly status: number;
  readonly statusText: string;
  readonly milliseconds: number;
  readonly bytes: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Parsed body of the response; undefined if the response isn't JSON. */
  readonly json: unknown;
  readonly blob: Blob;
  readonly fileName: string;
}

/** Response headers that the explorer shows. All others are the same for every response. */
const SHOWN_HEADERS = [
  'content-type',
  'etag',
  'last-modified',
  'x-request-id',
  'www-authenticate',
  'retry-after',
  'content-disposition',
];

/** Sends a FHIR request with the access token and without cookies. */
export async function sendRequest(url: string, token: string): Promise<ExplorerResponse> {
  const begun = performance.now();
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    credentials: 'omit',
    cache: 'no-store',
  });
  const blob = await response.blob();
  const milliseconds = Math.round(performance.now() - begun);
  const { status, statusText, headers } = response;
  return {
    status,
    statusText,
    milliseconds,
    bytes: blob.size,
    headers: SHOWN_HEADERS.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? ''] as const] : [])),
    json: await parseJson(blob, headers.get('content-type') ?? ''),
    blob,
    fileName: /filename="([^"]+)"/.exec(headers.get('content-disposition') ?? '')?.[1] ?? 'document',
  };
}

async function parseJson(blob: Blob, type: string): Promise<unknown> {
  if (!/json/.test(type)) return undefined;
  try {
    return JSON.parse(await blob.text());
  } catch {
    return undefined;
  }
}

/**
 * Returns the path below the FHIR base URL to which a value in a response links. Returns undefined if the value is not
 * a link into this API.
 */
export function linkPath(base: string, key: string, value: string): string | undefined {
  if (value.startsWith(`${base}/`)) return value.slice(base.length);
  return key === 'reference' && /^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(value) ? `/${value}` : undefined;
}
