import { type Database, type Executor, statement } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import { listIdRegistries } from '../../../practices/index.ts';
import { FIRST_KEY, type ResourceKey } from '../../model/resource-key.ts';
import { lockPractice, tryLockPractice } from '../write/locks.ts';

/**
 * Number of claims that one transaction deletes: about 10 ms. A practice with fewer claims is purged when it isn't
 * written to. One with more is locked, so that its Bundles wait.
 */
const CLAIMS_AT_ONCE = 20_000;
/**
 * Maximum number of transactions for a practice in one run. A release that never deleted claims may have left hundreds of
 * millions, of which 20,000 take 0.2 s: feeds must not wait for hours.
 */
const MAX_TRANSACTIONS = 100;

/** SQL: claims of a practice after one, in the order of the key. `$1` is the practice, `$2` and `$3` are the last key. */
const CLAIMS = 'resource_key where practice_id = $1 and (type, id) > ($2, $3::uuid)';
const countClaims = statement(
  'fhir.id-claims.count',
  { claims: 'int4' },
  `select count(*)::int4 as claims from (select 1 from ${CLAIMS} limit ${CLAIMS_AT_ONCE + 1}) k`,
);
/** Returns the key of the last claim that one transaction deletes, if there are more. */
const findLast = statement(
  'fhir.id-claims.last',
  { type: 'text', id: 'uuid' },
  `select type, id from ${CLAIMS} order by type, id offset ${CLAIMS_AT_ONCE - 1} limit 1`,
);
const deleteClaims = statement('fhir.id-claims.delete', {}, `delete from ${CLAIMS} and (type, id) <= ($4, $5::uuid)`);

/** Greater than the key of each claim. */
const END: ResourceKey = { type: '~', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/**
 * Deletes the claims of ids that `claimKeys` made. A claim is for transactions that looked for the id before it was
 * stored: they have a lock of the practice since then. So with the exclusive lock, no claim is needed any more. A practice
 * whose registry has all ids keeps them.
 */
export async function purgeIdClaims(db: Database): Promise<void> {
  for (const [practiceId, state] of await listIdRegistries(db)) {
    if (state !== 'claims') continue;
    // A statement that starts at the first claim again would read all those that were just deleted.
    let last: ResourceKey | undefined = FIRST_KEY;
    for (let count = 0; count < MAX_TRANSACTIONS && last !== undefined; count++)
      last = await purgeSome(db, practiceId, last);
  }
}

/** @returns the last deleted claim if there are more that can be deleted now */
async function purgeSome(db: Database, practiceId: PracticeId, last: ResourceKey): Promise<ResourceKey | undefined> {
  const [row] = await db.query(countClaims, [practiceId, last.type, last.id]);
  const claims = row?.claims ?? 0;
  if (claims === 0) return undefined;
  return db.transaction(async (tx) => {
    if (claims > CLAIMS_AT_ONCE) await lockPractice(tx, practiceId);
    else if (!(await tryLockPractice(tx, practiceId))) return undefined;
    return deleteSome(tx, practiceId, last);
  });
}

/**
 * Deletes ids after one from the registry of a practice, in the order of the key.
 * @returns the last deleted id if there may be more
 */
export async function deleteSome(
  tx: Executor,
  practiceId: PracticeId,
  last: ResourceKey,
): Promise<ResourceKey | undefined> {
  const after = [practiceId, last.type, last.id];
  const [next] = await tx.query(findLast, after);
  const { type, id } = next ?? END;
  await tx.query(deleteClaims, [...after, type, id]);
  return next;
}
