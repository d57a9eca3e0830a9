import type { Trail } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import type { Clock } from '../kernel/index.ts';
import { countBrought } from './days.ts';
import type { Origin } from './names.ts';
import type { IntakeReport } from './report.ts';

/** Records what an operator's load brought, and from which source: counts, never what they say. */
export async function recordLoad(
  { db, clock, audit }: { readonly db: Database; readonly clock: Clock; readonly audit: Pick<Trail, 'recordWithin'> },
  origin: Origin,
  report: IntakeReport,
): Promise<void> {
  const { records, created, updated, unchanged, faulty } = report;
  const counts = { created, updated, unchanged, refused: report.refused.length };
  await db.transaction(async (tx) => {
    await countBrought(tx, origin, clock.now(), counts);
    await audit.recordWithin(tx, {
      kind: 'write',
      outcome: 'success',
      resources: created + updated,
      detail: {
        practice: origin.practiceId,
        bundle: 'load',
        by: 'operator',
        source: origin.source,
        records,
        ...counts,
        ...(faulty === undefined ? {} : { faulty }),
      },
    });
  });
}
