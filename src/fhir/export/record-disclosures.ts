import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { ExportDisclosureLog } from '../ports.ts';
import type { ExportJob } from './export-job.ts';

const markDisclosed = statement(
  'fhir.export.mark-disclosed',
  { job_id: 'uuid' },
  'update export_job set disclosed_at = $2 where job_id = $1 and disclosed_at is null returning job_id',
);
/**
 * Declares a cursor over the patient records of an export with their numbers of resources. With a cursor, an export of
 * any size needs only the memory of one fetch.
 */
const RECORDS_CURSOR = `declare export_told no scroll cursor for
  select e.key::int8 as record_id, sum(e.value::int8)::int4 as resources
  from export_chunk c cross join lateral jsonb_each_text(c.records) as e
  where c.job_id = $1 group by e.key`;
const FETCH_SIZE = 1000;

/**
 * Records that an export was disclosed, before its first byte leaves the server. Each patient record is in one audit
 * event, however many files there are, and all are committed together. A second download waits for the commit and
 * records nothing more.
 */
export async function recordExportDisclosures(
  tx: Executor,
  disclosureLog: ExportDisclosureLog,
  job: ExportJob,
  { now, requestId }: { readonly now: Date; readonly requestId: string },
): Promise<void> {
  if ((await tx.query(markDisclosed, [job.jobId, now])).length === 0) return;
  await tx.queryText(RECORDS_CURSOR, [job.jobId]);
  const { clientId, grantId, familyId, jobId, practices } = job;
  const shared = { kind: 'export', outcome: 'success', requestId, accountId: undefined, type: undefined } as const;
  const practiceId = practices.length === 1 ? practices[0] : undefined;
  for (;;) {
    const rows = await tx.queryText<{ record_id: number; resources: number }>(
      `fetch ${FETCH_SIZE} from export_told`,
      [],
    );
    if (rows.length === 0) return;
    const records = new Map(rows.map(({ record_id, resources }) => [record_id as RecordId, resources]));
    const resources = [...records.values()].reduce((sum, count) => sum + count, 0);
    const disclosed = { recordId: undefined, records, practiceId, resources, detail: { job: jobId } };
    await disclosureLog.appendAllInTransaction(tx, [{ ...shared, clientId, grantId, familyId, ...disclosed }]);
  }
}
