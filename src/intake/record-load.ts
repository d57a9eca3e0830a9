import type { AuditEvent, Trail } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import type { Clock } from '../kernel/index.ts';
import { countBrought } from './days.ts';
import type { Origin } from './names.ts';
import type { IntakeReport } from './report.ts';

interface Recording {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: Pick<Trail, 'record' | 'recordWithin'>;
}

/** Before the first resource: a load that is killed is in the trail all the same. */
export const recordLoadBegun = ({ audit }: Pick<Recording, 'audit'>, origin: Origin, files: number): Promise<void> =>
  audit.record(eventOf(origin, 0, { step: 'begun', files }));

/** Records what an operator's load brought, and from which source: counts, never what they say. */
export async function recordLoad({ db, clock, audit }: Recording, origin: Origin, report: IntakeReport): Promise<void> {
  const { records, created, updated, unchanged, faulty } = report;
  const counts = { created, updated, unchanged, refused: report.refused.length };
  const detail = { step: 'done', records, ...counts, ...(faulty === undefined ? {} : { faulty }) };
  await db.transaction(async (tx) => {
    await countBrought(tx, origin, clock.now(), counts);
    await audit.recordWithin(tx, eventOf(origin, created + updated, detail));
  });
}

const eventOf = ({ practiceId, source }: Origin, resources: number, detail: object): AuditEvent => ({
  kind: 'write',
  outcome: 'success',
  resources,
  detail: { practice: practiceId, bundle: 'load', by: 'operator', source, ...detail },
});
