import { resourceResponse } from './schemas.ts';
import type { VersionDescription } from './version-description.ts';

const TAG = 'Feeds';
export const FEED_TAG = { name: TAG };

/** Describes the path where backend apps post transaction and batch Bundles (FHIR R4 §3.1.0.11). */
export const feedPath = (words: VersionDescription): Readonly<Record<string, object>> => ({
  '/': {
    post: {
      tags: [TAG],
      operationId: 'sendBundle',
      summary: 'Send a transaction or batch: create, update and delete what the app itself brings',
      description:
        'Backend apps with scopes for writing. Any other access token sends a Bundle of type batch whose entries are GET requests; each is answered as a request of its own.',
      security: [{ backend: ['system/*.cud'] }, { smart: ['patient/*.rs'] }],
      requestBody: {
        required: true,
        content: Object.fromEntries(
          ['application/fhir+json', 'application/json'].map((type) => [
            type,
            { schema: { $ref: '#/components/schemas/Resource' } },
          ]),
        ),
      },
      responses: {
        200: resourceResponse('An answer for each entry, in their order.', 'Resource', words.mediaTypes),
        ...Object.fromEntries(
          ERROR_DESCRIPTIONS.map(([code, why]) => [code, resourceResponse(why, 'Resource', words.mediaTypes)]),
        ),
        ...Object.fromEntries([401, 403, 503].map((code) => [code, { $ref: `#/components/responses/${code}` }])),
      },
    },
  },
});

const ERROR_DESCRIPTIONS: readonly (readonly [number, string])[] = [
  [
    400,
    'It is no such Bundle, or entries of a transaction are not right: an OperationOutcome names each. Nothing was written.',
  ],
  [409, 'Another source brought what a transaction would change. Nothing was written.'],
  [412, 'A condition of a transaction does not hold. Nothing was written.'],
  [413, 'The Bundle is too large.'],
  [415, 'It is not JSON.'],
  [422, 'What a transaction brings has no place here, or is not valid. Nothing was written.'],
];
