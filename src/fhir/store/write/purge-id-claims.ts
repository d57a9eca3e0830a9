import { type Database, statement } from '../../../database/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import type { ResourceKey } from '../../model/resource-key.ts';
import { lockPractice, tryLockPractice } from './locks.ts';

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

const practicesWithClaims = statement(
  'fhir.id-claims.practices',
  { practice_id: 'int4' },
  `select practice_id from practice p
     where exists (select 1 from resource_key k where k.practice_id = p.practice_id offset 0) order by practice_id`,
);
/** SQL: claims of a practice after one, in the order of the key. `$1` is the practice, `$2` and `$3` are the last key. */
const CLAIMS = 'resource_key where practice_id = $1 and (type, id) > ($2, $3::uuid)';
const hasMany = statement(
  'fhir.id-claims.has-many',
  { many: 'bool' },
  `select count(*) > ${CLAIMS_AT_ONCE} as many from (select 1 from ${CLAIMS} limit ${CLAIMS_AT_ONCE + 1}) k`,
);
/** Returns the key of the last claim. */
const deleteClaims = statement(
  'fhir.id-claims.delete',
  { type: 'text', id: 'uuid' },
  `with part as (select ctid, type, id from ${CLAIMS} order by type, id limit ${CLAIMS_AT_ONCE}),
   deleted as (delete from resource_key where ctid = any(array(select ctid from part)))
   select type, id from part order by type desc, id desc limit 1`,
);

/** Less than the key of each claim. */
const START: ResourceKey = { type: '', id: '00000000-0000-0000-0000-000000000000' };

/**
 * Deletes the claims of ids that `claimKeys` made. A claim is for transactions that looked for the id before it was
 * stored: they have a lock of the practice since then. So with the exclusive lock, no claim is needed any more.
 */
export async function purgeIdClaims(db: Database): Promise<void> {
  for (const { practice_id } of await db.query(practicesWithClaims)) {
    // A statement that starts at the first claim again would read all those that were just deleted.
    let last: ResourceKey | undefined = START;
    for (let count = 0; count < MAX_TRANSACTIONS && last !== undefined; count++)
      last = await purgeSome(db, practice_id as PracticeId, last);
  }
}

/** @returns the last deleted claim if there are more that can be deleted now */
async function purgeSome(db: Database, practiceId: PracticeId, last: ResourceKey): Promise<ResourceKey | undefined> {
  const after = [practiceId, last.type, last.id];
  const [row] = await db.query(hasMany, after);
  return db.transaction(async (tx) => {
    if (row?.many === true) await lockPractice(tx, practiceId);
    else if (!(await tryLockPractice(tx, practiceId))) return undefined;
    const [deleted] = await tx.query(deleteClaims, after);
    return row?.many === true ? deleted : undefined;
  });
}
