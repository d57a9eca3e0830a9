import { type Static, type TSchema, Type } from 'typebox';
import { ISSUE_PROPERTIES } from './issues.ts';

/** Error response of every route, as problem details (RFC 9457). */
export const ProblemResponse = Type.Object(
  {
    type: Type.String({ description: 'URL of the documentation of the code.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What is wrong and how to fix it.' }),
    code: Type.String({ description: 'Stable code that programs can match.' }),
    request_id: Type.String(),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'Path of the field, such as `redirectUris.0`.' }),
          ...ISSUE_PROPERTIES,
          code: Type.Optional(ISSUE_PROPERTIES.code),
        }),
      ),
    ),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
);
export type ProblemResponse = Static<typeof ProblemResponse>;

/**
 * Returns the schema of a text that other people read. Text that consists of blanks only is
 * rejected with the field error `blank`.
 */
export const nonBlankText = (most: number, description?: string) =>
  Type.String({
    minLength: 1,
    maxLength: most,
    pattern: NOT_BLANK,
    ...(description === undefined ? {} : { description }),
  });
const NOT_BLANK = String.raw`\S`;

/** Returns the schema of a value that may also be null. */
export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/**
 * Returns the schema of a text that is one of the given names. It is an enum rather than a union,
 * so that the API documentation shows one list.
 */
export const oneOf = <const Names extends readonly string[]>(names: Names, description?: string) =>
  Type.Unsafe<Names[number]>(Type.String({ enum: [...names], ...(description === undefined ? {} : { description }) }));

export const Moment = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });
export const Id = Type.String({ format: 'uuid' });

/** Query parameters of a list with pages. */
export const PAGING = {
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: 'If omitted, the first page.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'Entries on a page. If omitted, 50.' })),
};
export interface PagingQuery {
  readonly page?: number;
  readonly limit?: number;
}

/** Number of entries on all pages of a list. */
export const Found = Type.Integer({ minimum: 0, description: 'Number of matching entries on all pages.' });

/** Schemas of the error responses that every route may send. */
export const ERROR_RESPONSES = { '4xx': ProblemResponse, '5xx': ProblemResponse } as const;
