import { baseUrl, type OpenApiDocuments } from '../open-api.ts';
import type { SavedRequest } from '../request-store.ts';
import { VERSION_NAMES } from '../response-text.ts';
import { requestPaths } from './request-paths.ts';

/**
 * Returns saved requests as a Postman collection, which other API clients can import too. The access token is a
 * variable without a value. https://schema.postman.com/collection/json/v2.1.0/draft-07/docs/index.html
 */
export function toPostmanCollection(name: string, saved: readonly SavedRequest[], documents: OpenApiDocuments) {
  return {
    info: { name, schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{ACCESS_TOKEN}}', type: 'string' }] },
    variable: [{ key: 'ACCESS_TOKEN', value: '' }],
    item: saved.flatMap((request) =>
      requestPaths(request.search, documents).map(({ version, path }) => ({
        name: `${request.name} (${VERSION_NAMES[version]})`,
        request: {
          method: 'GET',
          header: [{ key: 'Accept', value: 'application/json' }],
          url: `${baseUrl(documents[version])}${path}`,
        },
      })),
    ),
  };
}
