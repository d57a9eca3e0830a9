import { Problem } from '../../kernel/index.ts';
import { sortKeys } from './common-parameters.ts';
import { parametersOf } from './criteria.ts';
import { includesOf, reverseIncludesOf } from './include.ts';
import type { SearchContext } from './search-context.ts';

/**
 * FHIR R4 search §3.1.1.2: error for a strict client about a parameter that would be ignored, with the supported ones.
 */
export function unknownParameter(name: string, value: string, context: SearchContext): Problem {
  const what = name.startsWith('_') || name === 'page' ? `${name}=${value.slice(0, 80)}` : name;
  return new Problem('parameter-unknown', {
    status: 400,
    message: `This server does not support ${what} on ${context.served.name}. ${offered(name, context)} Without "Prefer: handling=strict" it would be ignored.`,
  });
}

function offered(name: string, { served, version }: SearchContext): string {
  const [plain] = name.split(':', 1);
  if (plain === '_sort') return `It sorts by one of ${sortKeys(served).join(', ')}.`;
  if (plain === '_total') return 'It takes _total=accurate, estimate or none.';
  if (plain === 'page') return 'Pages are counted from 1.';
  if (plain === '_include') return `It takes ${those(['*', ...includesOf(served, version.types)])}.`;
  if (plain === '_revinclude') return `It takes ${those(reverseIncludesOf(served, version.types))}.`;
  const known = ['_id', '_lastUpdated', ...parametersOf(served).map((parameter) => parameter.name)].join(', ');
  const result = [
    ...['_count', '_maxresults', '_sort', '_total', '_summary', '_elements'],
    ...(includesOf(served, version.types).length === 0 ? [] : ['_include']),
    ...(reverseIncludesOf(served, version.types).length === 0 ? [] : ['_revinclude']),
  ];
  return `It offers ${known}; ${result.join(', ')}.`;
}

const those = (names: readonly string[]): string => (names.length === 0 ? 'none here' : names.join(', '));
