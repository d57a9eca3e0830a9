import type { SearchContext } from './search-context.ts';
import { invalidSearch } from './values/search-value.ts';

/** A search parameter name such as `subject:Patient`, divided into the name and its modifier. */
export interface ParameterName {
  readonly plain: string;
  readonly modifier: string | undefined;
}

/**
 * Divides a search parameter name into the name and its modifier. A parameter has at most one modifier (FHIR R4 search
 * §3.1.1.5). A second one is rejected, because ignoring it could change the meaning of the search.
 * @throws Problem 400 if there is a second modifier
 */
export function splitName(name: string): ParameterName {
  const [plain = '', modifier, ...rest] = name.split(':');
  if (rest.length > 0) throw invalidSearch('A parameter name can have at most one colon, before its modifier.');
  return { plain, modifier };
}

const COMMON_NAMES = ['_id', '_lastUpdated', '_tag', '_security', '_profile', 'patient', 'subject'];
const RESULT_NAMES = [
  '_count',
  '_maxresults',
  '_cursor',
  '_include',
  '_revinclude',
  '_sort',
  '_total',
  '_summary',
  '_elements',
  'page',
];
const MODIFIERS = [
  'asc',
  'desc',
  'missing',
  'not',
  'text',
  'exact',
  'contains',
  'iterate',
  'identifier',
  'of-type',
  'in',
  'not-in',
  'below',
  'above',
];

/**
 * Returns the name under which the audit log records a search parameter. Only names that the server knows are logged,
 * because another text of the client may contain searched values.
 */
export function auditParameterName(
  name: string,
  { served, version }: Pick<SearchContext, 'served' | 'version'>,
): string | undefined {
  // Only the first parameter name of a chain or `_has` is logged. The others are parameters of other types, so they
  // can't be checked against the known names of this type.
  if (name.startsWith('_has:')) return '_has';
  const { plain, modifier } = splitName(name.split('.', 1)[0] ?? '');
  const known = findName(served.parameters, plain) ?? [...COMMON_NAMES, ...RESULT_NAMES].find((one) => one === plain);
  const knownModifier = MODIFIERS.find((one) => one === modifier) ?? findName(version.types, modifier);
  return known === undefined || knownModifier === undefined ? known : `${known}:${knownModifier}`;
}

const findName = (table: readonly { readonly name: string }[], name: string | undefined): string | undefined =>
  table.find((one) => one.name === name)?.name;
