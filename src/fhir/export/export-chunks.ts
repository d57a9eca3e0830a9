import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { ExportFile, ExportJob, JobPosition } from './export-job.ts';
import { leaseEnd } from './job-store.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A piece of one output file: complete lines, each with its line break. */
export interface ExportChunk {
  readonly type: string;
  readonly lines: number;
  readonly bytes: number;
  /** Number of lines by record. */
  readonly records: ReadonlyMap<RecordId, number>;
  /** Compressed with zstd. */
  readonly content: Buffer;
}

/** Resources of a page that have the same type and record. */
export interface ExportLines {
  readonly count: number;
  readonly type: string;
  /** undefined for directory resources. */
  readonly recordId: RecordId | undefined;
  readonly text: string;
}

/**
 * Creates a function that packs pages into chunks, one chunk per type. It reuses one buffer for all pages and
 * compresses the chunks one after the other: each parallel compression would allocate memory of its own, which costs
 * more than the compression.
 */
export function createPacker(): (lines: readonly ExportLines[]) => Promise<readonly ExportChunk[]> {
  let memory = Buffer.alloc(0);
  return async (lines) => {
    const bytes = lines.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, 0);
    if (memory.length < bytes) memory = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * memory.length));
    let end = 0;
    const pieces = [...Map.groupBy(lines, ({ type }) => type)].map(([type, own]) => {
      const start = end;
      for (const { text } of own) {
        end += memory.write(text, end);
        end = memory.writeUInt8(NEWLINE, end);
      }
      return { type, own, text: memory.subarray(start, end) };
    });
    const chunks: ExportChunk[] = [];
    for (const { type, own, text } of pieces) chunks.push(await buildChunk(type, own, text));
    return chunks;
  };
}

const NEWLINE = 10;
/**
 * Size of the output buffer that zstd allocates at a time, chosen for the usual compression ratio of NDJSON so that
 * little of it is wasted.
 */
const outputOptions = ({ length }: Buffer) => ({ chunkSize: Math.min(256 * 1024, Math.max(4096, length >> 2)) });

/** Compresses in a worker thread, so that the thread that answers requests stays free. */
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

/** The changes that one page makes to a job. */
export interface ExportProgress {
  readonly jobId: string;
  readonly turn: string;
  readonly now: Date;
  readonly place: JobPosition;
  readonly patientsDone: number;
}

/**
 * Writes chunks and progress in one statement, if the turn still owns the job. After a crash, an interrupted page
 * leaves nothing behind, and the next turn continues where the last page ended.
 * @returns false if another process took the job over or the job was removed; nothing was written
 */
export async function writeChunks(
  db: Executor,
  progress: ExportProgress,
  chunks: readonly ExportChunk[],
): Promise<boolean> {
  const { jobId, turn, now, place, patientsDone } = progress;
  const written = chunks.reduce((sum, { lines }) => sum + lines, 0);
  const parameters: unknown[] = [jobId, turn, leaseEnd(now), JSON.stringify(place), patientsDone, written];
  const bind = (value: unknown): string => `$${parameters.push(value)}`;
  const moved = `update export_job set lease_until = $3, place = $4::jsonb, attempts = 0,
      patients_done = patients_done + $5::int, written = written + $6::int8
    where job_id = $1 and turn = $2 and state = 'running' returning job_id`;
  const rows = chunks.map(
    ({ type, lines, bytes, records, content }) =>
      `(${bind(type)}::text, ${bind(place.pages)}::int, ${bind(lines)}::int, ${bind(bytes)}::int, ${bind(JSON.stringify(Object.fromEntries(records)))}::jsonb, ${bind(content)}::bytea)`,
  );
  const kept = `, pieces as (insert into export_chunk (job_id, type, ordinal, lines, bytes, records, content)
    select moved.job_id, c.* from moved, (values ${rows.join(', ')}) as c)`;
  const text = `with moved as (${moved})${rows.length === 0 ? '' : kept} select job_id from moved`;
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
  // Lists each record once before checking any. PostgreSQL underestimates the number of records per chunk and would
  // scan all records for each.
  `with told as materialized (
     select distinct k.record_id::int8 as record_id
     from export_chunk c cross join lateral jsonb_object_keys(c.records) as k (record_id) where c.job_id = $1)
   select exists (
     select from told t where not exists (
       select from record x where x.record_id = t.record_id and x.state = 'active' and x.practice_id = any($2)))
     or exists (select from told t join export_job j on j.job_id = $1 join retraction r on r.record_id = t.record_id
       where r.retracted_at >= j.transaction_at)
     or exists (select from told t join export_job j on j.job_id = $1 join record_merge m on m.into_record_id = t.record_id
       where m.undone_at >= j.transaction_at) as ended`,
);

/**
 * Tells whether a record in the export was merged, erased or moved to another practice since the export was made, or
 * changed because a merge was undone or misfiled resources were taken out.
 */
export const hasChangedRecord = async (
  db: Executor,
  { jobId, practices }: Pick<ExportJob, 'jobId' | 'practices'>,
): Promise<boolean> => (await db.query(changedRecord, [jobId, practices]))[0]?.ended ?? true;

/**
 * Streams a file as NDJSON, chunk by chunk, with only one chunk in memory.
 * @param requireAllowed called before each chunk; throws if the file may no longer be read
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
