import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import type { ExportFile, ExportJob, JobPlace } from './job.ts';
import { leaseFrom } from './jobs.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** A piece of one file: whole lines, each with its end. */
export interface Chunk {
  readonly type: string;
  readonly lines: number;
  readonly bytes: number;
  /** How many lines are of which record. */
  readonly records: ReadonlyMap<RecordId, number>;
  /** zstd */
  readonly content: Buffer;
}

/** Resources of a page: of one type, and of one record. */
export interface Lines {
  readonly count: number;
  readonly type: string;
  /** undefined: of a directory. */
  readonly recordId: RecordId | undefined;
  readonly text: string;
}

/**
 * Packs pages as pieces, one of each type: a page at a time, in memory that is used again for the next. One after the other:
 * each that is compressed at the same time as others takes memory of its own, and to get that costs more than compressing.
 */
export function packer(): (lines: readonly Lines[]) => Promise<readonly Chunk[]> {
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
    const chunks: Chunk[] = [];
    for (const { type, own, text } of pieces) chunks.push(await chunkOf(type, own, text));
    return chunks;
  };
}

const NEWLINE = 10;
/** Bytes of output that are asked for at a time: as many as NDJSON takes when it is packed, so that little is asked for in vain. */
const outputFor = ({ length }: Buffer) => ({ chunkSize: Math.min(256 * 1024, Math.max(4096, length >> 2)) });

/** Compressed beside the thread that answers requests. */
async function chunkOf(type: string, lines: readonly Lines[], text: Buffer): Promise<Chunk> {
  const records = new Map<RecordId, number>();
  for (const { recordId, count } of lines)
    if (recordId !== undefined) records.set(recordId, (records.get(recordId) ?? 0) + count);
  return {
    type,
    lines: lines.reduce((sum, { count }) => sum + count, 0),
    bytes: text.length,
    records,
    content: await compress(text, outputFor(text)),
  };
}

/** What of a job a page changes. */
export interface Progress {
  readonly jobId: string;
  readonly turn: string;
  readonly now: Date;
  readonly place: JobPlace;
  readonly patientsDone: number;
}

/**
 * Pieces and progress in one statement, in the name of a turn: what a crash interrupts is not there at all, and the next
 * turn goes on where the last page ended.
 * @returns false: the job is somebody else's by now, or removed, and nothing was written
 */
export async function writeChunks(db: Executor, progress: Progress, chunks: readonly Chunk[]): Promise<boolean> {
  const { jobId, turn, now, place, patientsDone } = progress;
  const written = chunks.reduce((sum, { lines }) => sum + lines, 0);
  const parameters: unknown[] = [jobId, turn, leaseFrom(now), JSON.stringify(place), patientsDone, written];
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
const endedRecord = statement(
  'fhir.export.ended-record',
  { ended: 'bool' },
  // Each record once, and then all at once: PostgreSQL takes a piece for few, and would go through all records for each.
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
 * Whether the record of a patient was merged, erased or moved since the export was made, or is not any more what it was: a
 * merge was undone, or something was taken out of it as another person's.
 */
export const hasEndedRecord = async (
  db: Executor,
  { jobId, practices }: Pick<ExportJob, 'jobId' | 'practices'>,
): Promise<boolean> => (await db.query(endedRecord, [jobId, practices]))[0]?.ended ?? true;

/**
 * A file piece by piece, as NDJSON: one of them is in memory at a time.
 * @param requireAllowed is called before each, and throws when the file may not be read any more
 * @throws also when the job goes meanwhile: a part must not look like all of it
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
