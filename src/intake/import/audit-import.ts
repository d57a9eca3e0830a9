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

/** A run of the import command: the source and practice of its data, and the id that its two audit events share. */
export interface ImportRun extends SourceOrigin {
  readonly run: string;
}

/**
 * Records the start of an import in the audit log before the first resource is loaded, so that the log also has an
 * import that is killed.
 */
export const recordImportStart = (
  { audit }: Pick<ImportAuditDeps, 'audit'>,
  load: ImportRun,
  files: number,
): Promise<void> => audit.append(toAuditEvent(load, 0, { step: 'begun', files }));

/** Records the source and the counts of an import in the audit log, but no content. */
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
