import { commonOf, RESULT_PARAMETERS, sortKeys } from './common-parameters.ts';
import { includesOf, reverseIncludesOf } from './include.ts';
import type { VersionWords } from './openapi-words.ts';
import type { ServedType } from './version.ts';

/** An OpenAPI parameter of a search. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header';
  readonly description: string;
  readonly schema: object;
  readonly [more: string]: unknown;
}

/** Describes all parameters that a search of a type supports. */
export function parametersOf(
  type: ServedType,
  types: readonly ServedType[],
  { sortModifiers }: VersionWords,
): readonly Parameter[] {
  const includes = includesOf(type, types);
  const reversed = reverseIncludesOf(type, types);
  const own = [...type.parameters, ...commonOf(type)].map((parameter) => ({
    ...query(parameter.name, `${parameter.documentation} ${HOW[parameter.kind]}`.trim()),
    ...valuesOf(parameter.kind),
    ...('example' in parameter && parameter.example !== undefined ? examplesOf(parameter.kind, parameter.example) : {}),
    'x-search-type': parameter.kind === 'patient' ? 'reference' : parameter.kind,
    'x-index': 'index' in parameter ? parameter.index : parameter.name,
  }));
  const results = RESULT_PARAMETERS.map(({ name, documentation, kind }) => ({
    ...query(name, documentation),
    schema: { ...RESULT_SCHEMAS[kind], ...valuesIn(RESULT_VALUES[name]?.(type)) },
  }));
  const ascending = sortKeys(type).filter((key) => !key.startsWith('-'));
  const modified = ['_sort:asc', '_sort:desc'].map((name) => ({
    ...query(name, `_sort, the ${name === '_sort:asc' ? 'oldest' : 'newest'} first.`),
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
            ...query('_include', 'What a match refers to comes along: one of these.'),
            schema: { type: 'string', enum: includes },
          },
        ]),
    ...(reversed.length === 0
      ? []
      : [
          {
            ...query('_revinclude', 'What refers to a match comes along: one of these.'),
            schema: { type: 'string', enum: reversed },
          },
        ]),
    CURSOR,
    STRICT,
  ];
}

const RESULT_SCHEMAS = {
  number: { type: 'integer', minimum: 0 },
  string: { type: 'string' },
  token: { type: 'string' },
} as const;

/** Values of result parameters that have only a few. */
const RESULT_VALUES: Readonly<Record<string, (type: ServedType) => readonly string[]>> = {
  _sort: sortKeys,
  _total: () => ['accurate', 'estimate', 'none'],
  _summary: () => ['true', 'text', 'data', 'count', 'false'],
};
const valuesIn = (values: readonly string[] | undefined): object => (values === undefined ? {} : { enum: values });

const HOW: Readonly<Record<string, string>> = {
  token: '`code`, `system|code` or `system|`; several with commas between: any of them.',
  date: 'A date or a part of one, with `eq`, `ge`, `gt`, `le` or `lt` in front; twice for a span of time.',
  reference: '`Type/id`.',
  string: 'The beginning of it, in any case and with or without accents.',
  quantity: 'A number, with `gt`, `ge`, `lt` or `le` in front, and `|system|code` of its unit behind if it matters.',
  uri: 'As it is written.',
  composite: 'Two values with `$` between them, of which both have to be true together.',
  patient: '',
};

const query = (name: string, description: string) => ({ name, in: 'query' as const, description, schema: TEXT });
const TEXT = { type: 'string' };

/** A date parameter may occur twice, as lower and upper bound. */
const valuesOf = (kind: string): object =>
  kind === 'date' ? { schema: { type: 'array', items: TEXT, maxItems: 2 }, style: 'form', explode: true } : {};

/** The first example is empty, because forms start with its value. */
const examplesOf = (kind: string, example: string): object => ({
  examples: {
    none: { summary: 'left out', value: kind === 'date' ? [] : '' },
    example: { summary: example, value: kind === 'date' ? [example] : example },
  },
});

const CURSOR = query('_cursor', 'Of the next page: made by the server. Follow the link `next` of the Bundle as it is.');
const STRICT: Parameter = {
  name: 'Prefer',
  in: 'header',
  description: '`handling=strict`: what this server does not know is refused, and not left out of account.',
  schema: { type: 'string', enum: ['handling=strict'] },
};
