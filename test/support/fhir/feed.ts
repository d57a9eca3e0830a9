import type { LightMyRequestResponse } from 'fastify';
import type { FhirServer } from './fhir-server.ts';

export interface BundleEntry {
  readonly fullUrl?: string;
  readonly resource?: object;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly ifMatch?: string;
    readonly ifNoneExist?: string;
  };
}

export interface EntryResponse {
  readonly status: string;
  readonly location?: string;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly outcome?: {
    readonly issue: readonly { readonly code: string; readonly details: { readonly text: string } }[];
  };
}

/** Creates a token of a backend app that may write all types at one practice. */
export const feedToken = (server: FhirServer, backend = 'ehr', practices = [1], scope = 'system/*.cruds') =>
  server.token('', { backend, practices, scope });

export const sendBundle = (
  server: FhirServer,
  token: string | undefined,
  bundle: object | string,
  headers: Record<string, string> = {},
): Promise<LightMyRequestResponse> =>
  server.app.inject({
    method: 'POST',
    url: '/api/fhir/r4',
    headers: {
      'content-type': 'application/fhir+json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    payload: typeof bundle === 'string' ? bundle : JSON.stringify(bundle),
  });

export const makeBundle = (type: string, ...entry: readonly BundleEntry[]) => ({ resourceType: 'Bundle', type, entry });

type IdentifiedResource = { readonly resourceType: string; readonly id: string };
export const putEntry = (resource: IdentifiedResource, more: object = {}): BundleEntry => ({
  resource,
  request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}`, ...more },
});
export const postEntry = (
  resource: { readonly resourceType: string },
  fullUrl?: string,
  more: object = {},
): BundleEntry => ({
  ...(fullUrl === undefined ? {} : { fullUrl }),
  resource,
  request: { method: 'POST', url: resource.resourceType, ...more },
});

export const entryResponses = (answer: LightMyRequestResponse): readonly EntryResponse[] =>
  answer.json().entry.map(({ response }: { response: EntryResponse }) => response);

/** Id of a written resource, from a location such as `Type/id/_history/version`. */
export const writtenId = ({ location = '' }: EntryResponse): string => location.split('/')[1] ?? '';
