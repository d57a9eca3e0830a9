import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { ExportDisclosureLog } from '../ports.ts';
import type { ExportJob } from './export-job.ts';

const markDisclosed = statement(
  'fhir.export.mark-disclosed',
  { job_id: 'uuid' },
  'update export_job set disclosed_at = $2 where job_id = $1 and disclosed_at is null returning job_id',
);
/** Uses a cursor, so that an export of any size takes only the memory of one fetch. */
const RECORDS_CURSOR = `declare export_told no scroll cursor for
  select e.key::int8 as record_id, sum(e.value::int8)::int4 as resources
  from export_chunk c cross join lateral jsonb_each_text(c.records) as e
  where c.job_id = $1 group by e.key`;
const FETCH_SIZE = 1000;

/**
 * Records the disclosure of an export before its first byte leaves the server: one event per record, however many files
 * there are. Everything is committed together. A second download finds it done or waits for it.
 */
export async function recordExportDisclosures(
  tx: Executor,
  trail: ExportDisclosureLog,
  job: ExportJob,
  { now, requestId }: { readonly now: Date; readonly requestId: string },
): Promise<void> {
  if ((await tx.query(markDisclosed, [job.jobId, now])).length === 0) return;
  await tx.queryText(RECORDS_CURSOR, [job.jobId]);
  const { clientId, grantId, familyId, jobId } = job;
  const shared = { kind: 'export', outcome: 'success', requestId, accountId: undefined, type: undefined } as const;
  for (;;) {
    const rows = await tx.queryText<{ record_id: number; resources: number }>(
      `fetch ${FETCH_SIZE} from export_told`,
      [],
    );
    if (rows.length === 0) return;
    await trail.appendAllInTransaction(
      tx,
      rows.map(({ record_id, resources }) => ({
        ...shared,
        clientId,
        grantId,
        familyId,
        recordId: record_id as RecordId,
        resources,
        detail: { job: jobId },
      })),
    );
  }
}
