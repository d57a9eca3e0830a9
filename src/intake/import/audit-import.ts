import type { AuditEvent, AuditLog } from '../../audit/index.ts';
import type { Database } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { addIntakeCounts } from '../daily-counts.ts';
import type { ImportReport } from '../import-report.ts';
import type { SourceOrigin } from '../references/reference-map.ts';

interface ImportAuditDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: Pick<AuditLog, 'append' | 'appendInTransaction'>;
}

/** One run of the import command: its origin, and the id that its two audit events share. */
export interface ImportRun extends SourceOrigin {
  readonly run: string;
}

/**
 * Records the start before the first resource is loaded, so that an import that is killed is in the audit log as well.
 */
export const recordImportStart = (
  { audit }: Pick<ImportAuditDeps, 'audit'>,
  load: ImportRun,
  files: number,
): Promise<void> => audit.append(toAuditEvent(load, 0, { step: 'begun', files }));

/** Records the counts of an operator's import and its source, never the contents. */
export async function recordImport(
  { db, clock, audit }: ImportAuditDeps,
  load: ImportRun,
  report: ImportReport,
): Promise<void> {
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
    await addIntakeCounts(tx, load, clock.now(), counts);
    await audit.appendInTransaction(tx, toAuditEvent(load, created + updated, detail));
  });
}

const toAuditEvent = ({ practiceId, source, run }: ImportRun, resources: number, detail: object): AuditEvent => ({
  kind: 'write',
  outcome: 'success',
  requestId: run,
  resources,
  detail: { practice: practiceId, bundle: 'load', by: 'operator', source, ...detail },
});
