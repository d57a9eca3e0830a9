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

/** One run of the import command: its origin, and the id that its two audit events share. */
export interface Load extends Origin {
  readonly run: string;
}

/**
 * Records the start before the first resource is loaded, so that an import that is killed is in the audit log as well.
 */
export const recordLoadBegun = ({ audit }: Pick<Recording, 'audit'>, load: Load, files: number): Promise<void> =>
  audit.record(eventOf(load, 0, { step: 'begun', files }));

/** Records the counts of an operator's import and its source, never the contents. */
export async function recordLoad({ db, clock, audit }: Recording, load: Load, report: IntakeReport): Promise<void> {
  const { records, created, updated, unchanged, faulty, notStored = [] } = report;
  const counts = { created, updated, unchanged, refused: report.refused.length };
  const withdrawn = notStored.reduce((sum, { resources }) => sum + resources, 0);
  const detail = {
    step: 'done',
    records,
    ...counts,
    ...(withdrawn === 0 ? {} : { notStored: withdrawn }),
    ...(faulty === undefined ? {} : { faulty }),
  };
  await db.transaction(async (tx) => {
    await countBrought(tx, load, clock.now(), counts);
    await audit.recordWithin(tx, eventOf(load, created + updated, detail));
  });
}

const eventOf = ({ practiceId, source, run }: Load, resources: number, detail: object): AuditEvent => ({
  kind: 'write',
  outcome: 'success',
  requestId: run,
  resources,
  detail: { practice: practiceId, bundle: 'load', by: 'operator', source, ...detail },
});
