import { type Executor, statement } from '../../database/index.ts';
import { ExclusiveLockNeeded } from '../../fhir/index.ts';
import type { PracticeId } from '../../kernel/index.ts';

const claim = statement(
  'feed.claim-condition',
  { claimed: 'bool' },
  "select pg_try_advisory_xact_lock(hashtextextended('condition ' || $1::int || ' ' || $2, 0)) as claimed",
);

/**
 * Reserves a condition that no resource matches until the transaction ends. Two transactions with a shared lock of the
 * practice would otherwise both create a resource for it.
 * @throws ExclusiveLockNeeded if another transaction has reserved the condition
 */
export async function claimCondition(tx: Executor, practiceId: PracticeId, condition: string): Promise<void> {
  const [row] = await tx.query(claim, [practiceId, condition]);
  if (row?.claimed !== true) throw new ExclusiveLockNeeded();
}
