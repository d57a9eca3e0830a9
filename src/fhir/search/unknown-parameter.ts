import { Problem } from '../../kernel/index.ts';
import { listSortKeys } from './common-parameters.ts';
import { listIncludes, listReverseIncludes } from './include.ts';
import type { SearchContext } from './search-context.ts';
import { getSearchParameters } from './search-criteria.ts';

/**
 * Error for a client with `Prefer: handling=strict` about a parameter that the server would otherwise ignore (FHIR R4
 * search §3.1.1.2). The message lists the supported parameters.
 */
export function unknownParameter(name: string, value: string, context: SearchContext): Problem {
  const what = name.startsWith('_') || name === 'page' ? `${name}=${value.slice(0, 80)}` : name;
  return new Problem('parameter-unknown', {
    status: 400,
    message: `This server does not support ${what} on ${context.served.name}. ${describeSupported(name, context)} Without "Prefer: handling=strict" it is ignored.`,
  });
}

function describeSupported(name: string, { served, version }: SearchContext): string {
  const [plain] = name.split(':', 1);
  if (plain === '_sort') return `Supported sort keys: ${listSortKeys(served).join(', ')}.`;
  if (plain === '_total') return 'Supported: _total=accurate, estimate or none.';
  if (plain === 'page') return 'Page numbers start at 1.';
  if (plain === '_include') return `Supported: ${listNames(['*', ...listIncludes(served, version.types)])}.`;
  if (plain === '_revinclude') return `Supported: ${listNames(listReverseIncludes(served, version.types))}.`;
  const known = ['_id', '_lastUpdated', ...getSearchParameters(served).map((parameter) => parameter.name)].join(', ');
  const result = [
    ...['_count', '_maxresults', '_sort', '_total', '_summary', '_elements'],
    ...(listIncludes(served, version.types).length === 0 ? [] : ['_include']),
    ...(listReverseIncludes(served, version.types).length === 0 ? [] : ['_revinclude']),
  ];
  return `Supported: ${known}; ${result.join(', ')}.`;
}

const listNames = (names: readonly string[]): string => (names.length === 0 ? 'none here' : names.join(', '));
