import { crc32c } from './crc32c.ts';
import type { Lsn } from './lsn.ts';
import { PageReader, RecordReplaced, WalEnds } from './page-reader.ts';
import { DamagedSegment, type WalSource } from './wal-source.ts';

/** Result of reading the WAL from a position on. */
export interface WalScan {
  /** Position of the first record that isn't there. */
  readonly end: Lsn;
  /** Time of the last transaction that ended, in milliseconds; undefined if there was none. */
  readonly lastTransaction: number | undefined;
  /** Name of a file that should have the next record, but is damaged. */
  readonly damaged: string | undefined;
}

// Record header: https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/access/xlogrecord.h
const HEADER_BYTES = 24;
const CRC_AT = 20;
/** Longest record: PostgreSQL's XLogRecordMaxSize. */
const MAX_RECORD_BYTES = 1020 * 1024 * 1024;
const RESOURCE_MANAGER = { log: 0, transaction: 1 } as const;
const SWITCH = 0x40;
/** Commit, abort, and both of a prepared transaction. */
const ENDS_TRANSACTION: ReadonlySet<number> = new Set([0x00, 0x20, 0x30, 0x40]);
const ALIGNMENT = 8;

/**
 * Reads the records of the WAL one after the other, as a recovery would, and checks the checksum of each. Each record
 * names the one before it, so nothing can be missing between them.
 * @param start position of a record
 * @param onTransaction called with the time of each transaction that ended, in milliseconds, and the position of its
 * record. It returns false to end the scan
 */
export async function scanWal(
  source: WalSource,
  start: Lsn,
  systemIdentifier: string,
  onTransaction: (time: number, at: Lsn) => boolean = () => true,
): Promise<WalScan> {
  const { segmentBytes } = source;
  const pages = new PageReader(segmentBytes, systemIdentifier);
  let at = start;
  let before: Lsn | undefined;
  let lastTransaction: number | undefined;
  const found = (damaged?: string): WalScan => ({ end: at, lastTransaction, damaged });
  for (;;) {
    let record: WalRecord;
    try {
      record = readRecord(pages, at, before);
    } catch (error) {
      if (error instanceof RecordReplaced) {
        at = error.page;
        before = undefined;
        continue;
      }
      if (!(error instanceof WalEnds)) throw error;
      if (error.missing === undefined)
        return found(source.nameOf(Math.floor(Math.max(at, pages.position - 1) / segmentBytes)));
      const loaded = await load(source, error.missing);
      if (typeof loaded === 'string') return found(loaded);
      if (loaded === undefined) return found();
      pages.add(error.missing, loaded);
      pages.forget(Math.floor(at / segmentBytes));
      continue;
    }
    const { header, data, begin } = record;
    const manager = header.readUInt8(17);
    const info = header.readUInt8(16);
    before = begin;
    at = record.end;
    if (manager === RESOURCE_MANAGER.log && (info & 0xf0) === SWITCH)
      at = Math.ceil(record.end / segmentBytes) * segmentBytes;
    if (manager === RESOURCE_MANAGER.transaction && ENDS_TRANSACTION.has(info & 0x70)) {
      const time = readTransactionTime(data);
      if (time === undefined) continue;
      lastTransaction = Math.max(lastTransaction ?? time, time);
      if (!onTransaction(time, begin)) return found();
    }
  }
}

/** Reads a segment. Returns its name if it is damaged, and undefined if it is missing. */
async function load(source: WalSource, segment: number): Promise<Buffer | string | undefined> {
  try {
    return await source.read(segment);
  } catch (error) {
    if (error instanceof DamagedSegment) return error.message;
    throw error;
  }
}

interface WalRecord {
  readonly header: Buffer;
  readonly data: Buffer;
  readonly begin: Lsn;
  readonly end: Lsn;
}

/**
 * Reads the record at a position, or after the page header there.
 * @param before position of the record before it, if it is known
 */
function readRecord(pages: PageReader, at: Lsn, before: Lsn | undefined): WalRecord {
  pages.seek(Math.ceil(at / ALIGNMENT) * ALIGNMENT);
  const header = pages.take(HEADER_BYTES, 'record');
  const { begin } = pages;
  const length = header.readUInt32LE(0);
  const previous = Number(header.readBigUInt64LE(8));
  if (length < HEADER_BYTES || length > MAX_RECORD_BYTES || (before !== undefined && previous !== before))
    throw new WalEnds();
  const data = pages.take(length - HEADER_BYTES, 'continued');
  if (crc32c(data, header.subarray(0, CRC_AT)) !== header.readUInt32LE(CRC_AT)) throw new WalEnds();
  return { header, data, begin, end: pages.position };
}

const BLOCK = { short: 255, long: 254, origin: 253, topTransaction: 252 } as const;
/** Microseconds between 1970, from which JavaScript counts, and 2000, from which PostgreSQL does. */
const POSTGRES_EPOCH = 946_684_800_000_000n;

/** Reads the time at which a transaction ended: the first field of the record's own data. In milliseconds. */
function readTransactionTime(data: Buffer): number | undefined {
  let at = 0;
  while (at < data.length) {
    const id = data.readUInt8(at);
    if (id === BLOCK.origin) at += 3;
    else if (id === BLOCK.topTransaction) at += 5;
    else if (id === BLOCK.short) return toMilliseconds(data, at + 2);
    else if (id === BLOCK.long) return toMilliseconds(data, at + 5);
    else return undefined;
  }
  return undefined;
}

const toMilliseconds = (data: Buffer, at: number): number | undefined =>
  at + 8 > data.length ? undefined : Number(data.readBigInt64LE(at) + POSTGRES_EPOCH) / 1000;
