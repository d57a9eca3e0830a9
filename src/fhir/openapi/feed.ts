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
      summary: 'Send a transaction or batch to create, update and delete the app’s own resources',
      description:
        'For backend apps with write scopes. With other access tokens, send a Bundle of type batch with GET requests. Each is handled as a separate request.',
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
        200: resourceResponse('One response per entry, in the same order.', 'Resource', words.mediaTypes),
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
    'The Bundle is invalid, or a transaction has invalid entries. An OperationOutcome names each error. Nothing was written.',
  ],
  [409, 'A transaction would change a resource of a different source. Nothing was written.'],
  [412, 'A condition of a transaction was not met. Nothing was written.'],
  [413, 'The Bundle is too large.'],
  [415, 'The body is not JSON.'],
  [422, 'A resource of a transaction can’t be stored or isn’t valid. Nothing was written.'],
];
