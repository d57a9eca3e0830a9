import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { ExportFile, ExportJob, JobPosition } from './export-job.ts';
import { leaseEnd } from './job-store.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A stored piece of one output file. It consists of complete lines, each with its line break. */
export interface ExportChunk {
  readonly type: string;
  readonly lines: number;
  readonly bytes: number;
  /** Number of lines of the piece by patient record. */
  readonly records: ReadonlyMap<RecordId, number>;
  /** NDJSON text of the piece, compressed with zstd. */
  readonly content: Buffer;
}

/** Resources of one page of query results that have the same type and patient record. */
export interface ExportLines {
  readonly count: number;
  readonly type: string;
  /** Patient record of the resources; undefined for directory resources. */
  readonly recordId: RecordId | undefined;
  readonly text: string;
}

/**
 * Creates a function that packs a page of query results into pieces of output files, one piece per type. It reuses one
 * buffer for all pages and compresses the pieces one after the other: each parallel compression would allocate memory
 * of its own, which costs more than the compression.
 */
export function createPacker(): (lines: readonly ExportLines[]) => Promise<readonly ExportChunk[]> {
  let memory = Buffer.alloc(0);
  return async (lines) => {
    const bytes = lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
    if (memory.length < bytes) memory = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * memory.length));
    let end = 0;
    const texts = [...Map.groupBy(lines, ({ type }) => type)].map(([type, typeLines]) => {
      const start = end;
      for (const { text } of typeLines) {
        end += memory.write(text, end);
        end = memory.writeUInt8(NEWLINE, end);
      }
      return { type, own: typeLines, text: memory.subarray(start, end) };
    });
    const chunks: ExportChunk[] = [];
    for (const { type, own, text } of texts) chunks.push(await buildChunk(type, own, text));
    return chunks;
  };
}

const NEWLINE = 10;
/**
 * Returns compression options with the size in bytes of the output buffer that zstd allocates at a time. The usual
 * compression ratio of NDJSON leaves little of the buffer unused.
 */
const outputOptions = ({ length }: Buffer) => ({ chunkSize: Math.min(256 * 1024, Math.max(4096, length >> 2)) });

/**
 * Builds a stored piece of a file. A worker thread compresses it, so that the thread that answers requests stays free.
 */
async function buildChunk(type: string, lines: readonly ExportLines[], text: Buffer): Promise<ExportChunk> {
  const records = new Map<RecordId, number>();
  for (const { recordId, count } of lines)
    if (recordId !== undefined) records.set(recordId, (records.get(recordId) ?? 0) + count);
  return {
    type,
    lines: lines.reduce((sum, { count }) => sum + count, 0),
    bytes: text.length,
    records,
    content: await compress(text, outputOptions(text)),
  };
}

/** Progress that a job makes with one page of query results. */
export interface ExportProgress {
  readonly jobId: string;
  readonly turn: string;
  readonly now: Date;
  readonly position: JobPosition;
  readonly patientsDone: number;
}

/**
 * Stores the file pieces of a page and the progress of the job in one statement, unless another turn has claimed the
 * job. (In a turn, one process works on the job for a few seconds.) A page that a crash interrupts leaves nothing
 * behind, and the next turn continues after the last stored page.
 * @returns false if another process took the job over or the job was removed; nothing was written
 */
export async function writeChunks(
  db: Executor,
  progress: ExportProgress,
  chunks: readonly ExportChunk[],
): Promise<boolean> {
  const { jobId, turn, now, position, patientsDone } = progress;
  const written = chunks.reduce((sum, { lines }) => sum + lines, 0);
  const parameters: unknown[] = [jobId, turn, leaseEnd(now), JSON.stringify(position), patientsDone, written];
  const bind = (value: unknown): string => `$${parameters.push(value)}`;
  const moved = `update export_job set lease_until = $3, place = $4::jsonb, attempts = 0,
      patients_done = patients_done + $5::int, written = written + $6::int8
    where job_id = $1 and turn = $2 and state = 'running' returning job_id`;
  const rows = chunks.map(
    ({ type, lines, bytes, records, content }) =>
      `(${bind(type)}::text, ${bind(position.pages)}::int, ${bind(lines)}::int, ${bind(bytes)}::int, ${bind(JSON.stringify(Object.fromEntries(records)))}::jsonb, ${bind(content)}::bytea)`,
  );
  const insertChunks = `, pieces as (insert into export_chunk (job_id, type, ordinal, lines, bytes, records, content)
    select moved.job_id, c.* from moved, (values ${rows.join(', ')}) as c)`;
  const text = `with moved as (${moved})${rows.length === 0 ? '' : insertChunks} select job_id from moved`;
  return (await db.queryText(text, parameters)).length > 0;
}

const next = statement(
  'fhir.export.chunk',
  { ordinal: 'int4', content: 'bytea' },
  `select c.ordinal, c.content from export_chunk c join export_job j on j.job_id = c.job_id
   where c.job_id = $1 and c.type = $2 and c.ordinal > $3 and j.state = 'done' order by c.ordinal limit 1`,
);
const changedRecord = statement(
  'fhir.export.ended-record',
  { ended: 'bool' },
  // Lists the patient records of the export once before it checks whether any of them changed. PostgreSQL
  // underestimates the number of records in one piece of a file, and would otherwise scan all records for each piece.
  `with told as materialized (
     select distinct k.record_id::int8 as record_id
     from export_chunk c cross join lateral jsonb_object_keys(c.records) as k (record_id) where c.job_id = $1)
   select exists (
     select 1 from told t where not exists (
       select 1 from record x where x.record_id = t.record_id and x.state = 'active' and x.practice_id = any($2)))
     or exists (select 1 from told t join export_job j on j.job_id = $1 join retraction r on r.record_id = t.record_id
       where r.retracted_at >= j.transaction_at)
     or exists (select 1 from told t join export_job j on j.job_id = $1 join record_merge m on m.into_record_id = t.record_id
       where m.undone_at >= j.transaction_at) as ended`,
);

/**
 * Whether a patient record in the export was merged, erased or moved to another practice since the export, or changed
 * because a merge was undone or misfiled resources were removed.
 */
export const hasChangedRecord = async (
  db: Executor,
  { jobId, practices }: Pick<ExportJob, 'jobId' | 'practices'>,
): Promise<boolean> => (await db.query(changedRecord, [jobId, practices]))[0]?.ended ?? true;

/**
 * Streams an export file as NDJSON, with only one stored piece in memory.
 * @param requireAllowed called before each piece; throws if the file may no longer be read
 * @throws Error if the job is removed meanwhile, because a partial file must not look complete
 */
export async function* fileChunks(
  db: Executor,
  jobId: string,
  { type, chunks }: Pick<ExportFile, 'type' | 'chunks'>,
  requireAllowed: () => Promise<void>,
): AsyncGenerator<Buffer> {
  let after = -1;
  for (let count = 0; count < chunks; count += 1) {
    await requireAllowed();
    const [row] = await db.query(next, [jobId, type, after]);
    if (row === undefined) throw new Error('the export is gone');
    after = row.ordinal;
    yield await decompress(row.content);
  }
}
