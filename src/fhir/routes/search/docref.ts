import { DOCUMENT_TYPE } from '../../authorization/enforce.ts';
import { type EnforcementContext, requireType } from '../../authorization/enforcement-context.ts';
import type { DateTest, RowCondition } from '../../model/condition.ts';
import { requireOrderedPeriod } from '../../search/care-time.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { parseDate } from '../../search/values/search-value.ts';
import type { FhirDeps, FhirResponse } from '../deps.ts';
import { handleSearch } from './search.ts';

/**
 * Parameters of `$docref` that are not search parameters. `on-demand` has no effect, because documents can't be
 * generated. `profile` has none, because the server doesn't know the profile of a stored document.
 */
const OPERATION_PARAMETERS = ['start', 'end', 'on-demand', 'profile'];

/**
 * Handles US Core `$docref`: finds a patient's documents by type and time of care (`start`, `end`). The time is
 * compared with the period of care and with the date of the document. Without a status in the request, only current
 * documents are found.
 */
export function handleDocref(
  deps: FhirDeps,
  context: EnforcementContext,
  pairs: readonly QueryParameter[],
  strict: boolean,
): Promise<FhirResponse> {
  const operationPairs = pairs.filter(([name]) => OPERATION_PARAMETERS.includes(name));
  const searchPairs = joinTypes(pairs.filter(([name]) => !OPERATION_PARAMETERS.includes(name)));
  const statusPair: readonly QueryParameter[] = searchPairs.some(([name]) => name === 'status')
    ? []
    : [['status', 'current']];
  const readSpan = (name: string) => {
    const value = operationPairs.find((pair) => pair[0] === name)?.[1];
    return value === undefined ? undefined : parseDate(name, value, context.now);
  };
  requireOrderedPeriod({ start: readSpan('start'), end: readSpan('end') });
  const times = operationPairs.flatMap(([name, value]): readonly DateTest[] => {
    const prefix = PREFIXES[name];
    return prefix === undefined ? [] : [{ ...parseDate(name, value, context.now), prefix }];
  });
  const conditions = times.length === 0 ? [] : [withinEither(times)];
  const served = requireType(context, DOCUMENT_TYPE);
  const used = operationPairs.filter(([name]) => PREFIXES[name] !== undefined);
  const operation = { conditions, pairs: used, path: `${DOCUMENT_TYPE}/$docref` };
  return handleSearch(deps, context, served, [...searchPairs, ...statusPair], strict, operation);
}

/** Joins repeated `type` parameters of `$docref` to one, because documents of any of the types are found. */
function joinTypes(pairs: readonly QueryParameter[]): readonly QueryParameter[] {
  const types = pairs.filter(([name]) => name === 'type').map(([, value]) => value);
  return types.length < 2 ? pairs : [...pairs.filter(([name]) => name !== 'type'), ['type', types.join(',')]];
}

const PREFIXES: Readonly<Record<string, DateTest['prefix']>> = { start: 'ge', end: 'le' };

/** Builds the search condition for a time span: either the care took place in it, or the document was created in it. */
const withinEither = (times: readonly DateTest[]): RowCondition => ({
  kind: 'any',
  of: ['period', 'date'].map((index) => ({
    kind: 'all',
    of: times.map((test) => ({ kind: 'date', index, values: [test] })),
  })),
});
