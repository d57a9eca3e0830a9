import type { ServedType } from '../model/fhir-version.ts';
import { commonParameters, listSortKeys, RESULT_PARAMETERS } from '../search/common-parameters.ts';
import { listIncludes, listReverseIncludes } from '../search/include.ts';
import type { VersionDescription } from './version-description.ts';

/** One query parameter or header of a search operation in the OpenAPI document. */
export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly description: string;
  readonly schema: object;
  readonly [more: string]: unknown;
}

/** Describes all parameters that a search for a resource type supports. */
export function describeSearchParameters(
  type: ServedType,
  types: readonly ServedType[],
  { sortModifiers }: VersionDescription,
): readonly OpenApiParameter[] {
  const includes = listIncludes(type, types);
  const reversed = listReverseIncludes(type, types);
  const own = [...type.parameters, ...commonParameters(type)].map((parameter) => ({
    ...queryParameter(parameter.name, `${parameter.documentation} ${SYNTAX_HINTS[parameter.kind]}`.trim()),
    ...dateListSchema(parameter.kind),
    ...('example' in parameter && parameter.example !== undefined
      ? parameterExamples(parameter.kind, parameter.example)
      : {}),
    'x-search-type': parameter.kind === 'patient' ? 'reference' : parameter.kind,
    'x-index': 'index' in parameter ? parameter.index : parameter.name,
  }));
  const results = RESULT_PARAMETERS.map(({ name, documentation, kind }) => ({
    ...queryParameter(name, documentation),
    schema: { ...RESULT_SCHEMAS[kind], ...enumOf(RESULT_VALUES[name]?.(type)) },
  }));
  const ascending = listSortKeys(type).filter((key) => !key.startsWith('-'));
  const modified = ['_sort:asc', '_sort:desc'].map((name) => ({
    ...queryParameter(name, `Same as _sort, ${name === '_sort:asc' ? 'oldest' : 'newest'} first.`),
    schema: { type: 'string', enum: ascending },
  }));
  return [
    ...own,
    ...results,
    ...(sortModifiers ? modified : []),
    ...(includes.length === 0
      ? []
      : [
          {
            ...queryParameter('_include', 'Adds resources that the matches refer to.'),
            schema: { type: 'string', enum: includes },
          },
        ]),
    ...(reversed.length === 0
      ? []
      : [
          {
            ...queryParameter('_revinclude', 'Adds resources that refer to the matches.'),
            schema: { type: 'string', enum: reversed },
          },
        ]),
    CURSOR_PARAMETER,
    STRICT_PARAMETER,
  ];
}

const RESULT_SCHEMAS = {
  number: { type: 'integer', minimum: 0 },
  string: { type: 'string' },
  token: { type: 'string' },
} as const;

/** Allowed values of result parameters such as `_sort`, for those that accept only a few. */
const RESULT_VALUES: Readonly<Record<string, (type: ServedType) => readonly string[]>> = {
  _sort: listSortKeys,
  _total: () => ['accurate', 'estimate', 'none'],
  _summary: () => ['true', 'text', 'data', 'count', 'false'],
};
const enumOf = (values: readonly string[] | undefined): object => (values === undefined ? {} : { enum: values });

const SYNTAX_HINTS: Readonly<Record<string, string>> = {
  token: '`code`, `system|code` or `system|`. Separate alternatives with commas.',
  date: 'A full or partial date, optionally with the prefix `eq`, `ge`, `gt`, `le` or `lt`. Repeat the parameter for a range.',
  reference: '`Type/id`.',
  string: 'Matches the beginning, ignoring case and accents.',
  quantity: 'A number, optionally with the prefix `gt`, `ge`, `lt` or `le` and with a unit (`|system|code`).',
  uri: 'Matches exactly.',
  composite: 'Two values separated by `$`. Both must match together.',
  patient: '',
};

const queryParameter = (name: string, description: string) => ({
  name,
  in: 'query' as const,
  description,
  schema: TEXT_SCHEMA,
});
const TEXT_SCHEMA = { type: 'string' };

/** Builds the schema of a date parameter. The parameter may occur twice, as lower and upper bound of the date. */
const dateListSchema = (kind: string): object =>
  kind === 'date' ? { schema: { type: 'array', items: TEXT_SCHEMA, maxItems: 2 }, style: 'form', explode: true } : {};

/**
 * Builds the examples of a search parameter. The first one is empty, because Swagger UI fills its form with the first
 * example, and an empty value doesn't restrict the search.
 */
const parameterExamples = (kind: string, example: string): object => ({
  examples: {
    none: { summary: 'not set', value: kind === 'date' ? [] : '' },
    example: { summary: example, value: kind === 'date' ? [example] : example },
  },
});

const CURSOR_PARAMETER = queryParameter(
  '_cursor',
  'Position of the next page. Set by the server: follow the `next` link of the Bundle unchanged.',
);
const STRICT_PARAMETER: OpenApiParameter = {
  name: 'Prefer',
  in: 'header',
  description: '`handling=strict`: unsupported parameters are rejected instead of ignored.',
  schema: { type: 'string', enum: ['handling=strict'] },
};
