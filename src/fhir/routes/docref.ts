import { requireOrder } from '../core/care-time.ts';
import type { Condition, DateTest } from '../core/condition.ts';
import { type EnforceContext, requireType } from '../core/context.ts';
import { DOCUMENT_TYPE } from '../core/enforce.ts';
import type { Pair } from '../core/search-request.ts';
import { parseDate } from '../core/search-value.ts';
import type { Answer, FhirDeps } from './deps.ts';
import { answerSearch } from './search.ts';

/** What is asked otherwise than in a search. `on-demand`: what is not kept can't be made; `profile`: nothing is told of one. */
const OWN = ['start', 'end', 'on-demand', 'profile'];

/**
 * US Core, `$docref`: the documents of a patient, those of a time of care (`start`, `end`) and of a type. The time is that
 * of what a document is about, or its own. Current ones alone, unless a status is named.
 */
export function answerDocref(
  deps: FhirDeps,
  context: EnforceContext,
  pairs: readonly Pair[],
  strict: boolean,
): Promise<Answer> {
  const own = pairs.filter(([name]) => OWN.includes(name));
  const rest = ofAnyType(pairs.filter(([name]) => !OWN.includes(name)));
  const current: readonly Pair[] = rest.some(([name]) => name === 'status') ? [] : [['status', 'current']];
  const spanOf = (name: string) => {
    const value = own.find((pair) => pair[0] === name)?.[1];
    return value === undefined ? undefined : parseDate(name, value, context.now);
  };
  requireOrder({ start: spanOf('start'), end: spanOf('end') });
  const times = own.flatMap(([name, value]): readonly DateTest[] => {
    const prefix = PREFIXES[name];
    return prefix === undefined ? [] : [{ ...parseDate(name, value, context.now), prefix }];
  });
  const conditions = times.length === 0 ? [] : [withinEither(times)];
  const served = requireType(context, DOCUMENT_TYPE);
  const used = own.filter(([name]) => PREFIXES[name] !== undefined);
  const asked = { conditions, pairs: used, path: `${DOCUMENT_TYPE}/$docref` };
  return answerSearch(deps, context, served, [...rest, ...current], strict, asked);
}

/** `type` may be given more than once: documents of any of them. */
function ofAnyType(pairs: readonly Pair[]): readonly Pair[] {
  const types = pairs.filter(([name]) => name === 'type').map(([, value]) => value);
  return types.length < 2 ? pairs : [...pairs.filter(([name]) => name !== 'type'), ['type', types.join(',')]];
}

const PREFIXES: Readonly<Record<string, DateTest['prefix']>> = { start: 'ge', end: 'le' };

/** What it is about took place within the time, or it was made within it. */
const withinEither = (times: readonly DateTest[]): Condition => ({
  kind: 'any',
  of: ['period', 'date'].map((index) => ({
    kind: 'all',
    of: times.map((test) => ({ kind: 'date', index, values: [test] })),
  })),
});
