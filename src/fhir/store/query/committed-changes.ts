import type { Executor } from '../../../database/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import type { VariantQuery } from '../../authorization/enforce-variants.ts';
import { findCommittedTime } from '../write/write-times.ts';

/**
 * Leaves out of searches by the time of the last change what is so new that an earlier change may not be committed yet.
 * Bundles for different records are written at the same time, so a transaction may commit after one with a later time. A
 * client that asks for changes since the latest one that it has seen would miss the earlier one. A change is left out
 * until all earlier ones are committed, usually for less than a second.
 *
 * Other searches contain new resources at once. Within one record, changes are committed in the order of their times.
 */
export async function limitToCommitted(
  { db, clock }: { readonly db: Pick<Executor, 'query'>; readonly clock: Clock },
  variants: readonly VariantQuery[],
): Promise<readonly VariantQuery[]> {
  const practiceIds = new Set(variants.flatMap((one) => practicesByChange(one)));
  if (practiceIds.size === 0) return variants;
  const before = (await findCommittedTime(db, [...practiceIds], clock.now())).getTime();
  const values = [{ prefix: 'lt', low: before, high: before }] as const;
  return variants.map((one) =>
    practicesByChange(one).length === 0
      ? one
      : { ...one, query: { ...one.query, conditions: [...one.query.conditions, { kind: 'updated', values }] } },
  );
}

/**
 * Returns the time before which all changes at the searched practices are committed, in the text format of PostgreSQL.
 */
export async function findCommittedInstant(
  { db, clock }: { readonly db: Pick<Executor, 'query'>; readonly clock: Clock },
  variants: readonly VariantQuery[],
): Promise<string> {
  const practiceIds = variants.flatMap(({ query: { scope } }) =>
    scope?.kind === 'practices' ? scope.practiceIds : [],
  );
  const time = await findCommittedTime(db, [...new Set(practiceIds)], clock.now());
  return time.toISOString().replace('T', ' ').replace('Z', '+00');
}

/** Returns the practices of a search by the time of the last change over several patient records. */
function practicesByChange({ query, sort }: VariantQuery): readonly number[] {
  const { scope, compartment, conditions } = query;
  if (compartment !== 'record' || scope?.kind !== 'practices' || scope.patientIds?.length === 1) return [];
  return sort.key.kind === 'updated' || conditions.some(isByChange) ? scope.practiceIds : [];
}

const isByChange = ({ kind }: EnforcedQuery['conditions'][number]): boolean => kind === 'updated';
