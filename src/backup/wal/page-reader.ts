import type { Lsn } from './lsn.ts';

/** Thrown where the WAL ends: no valid record follows, or a segment isn't loaded. */
export class WalEnds extends Error {
  readonly missing: number | undefined;

  constructor(missing?: number) {
    super('the WAL ends here');
    this.missing = missing;
  }
}

/** Thrown where a page replaces a record that a crash interrupted. The next record is at the beginning of this page. */
export class RecordReplaced extends Error {
  readonly page: Lsn;

  constructor(page: Lsn) {
    super('the record was replaced');
    this.page = page;
  }
}

// Page header: https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/access/xlog_internal.h
const PAGE_BYTES = 8192;
const SHORT_HEADER = 24;
const LONG_HEADER = 40;
const FLAG = { continued: 0x0001, replacesRecord: 0x0008 } as const;

/** Reads what records have on pages of the WAL, without the headers of these pages, which it checks. */
export class PageReader {
  readonly #segmentBytes: number;
  readonly #systemIdentifier: bigint;
  readonly #segments = new Map<number, Buffer>();
  /** Version of the WAL's format, which all pages share. */
  #magic: number | undefined;
  /** Position of the next byte. */
  position: Lsn = 0;
  /** Position of the first byte of the record, after the page header. */
  begin: Lsn = 0;

  constructor(segmentBytes: number, systemIdentifier: string) {
    this.#segmentBytes = segmentBytes;
    this.#systemIdentifier = BigInt(systemIdentifier);
  }

  add(segment: number, bytes: Buffer): void {
    this.#segments.set(segment, bytes);
  }

  /** Forgets the segments before this one. */
  forget(before: number): void {
    for (const segment of this.#segments.keys()) if (segment < before) this.#segments.delete(segment);
  }

  seek(position: Lsn): void {
    this.position = position;
  }

  /**
   * Takes bytes of a record, from several pages if necessary.
   * @param expected whether the record begins here, or continues
   * @throws WalEnds if a page isn't valid, or its segment isn't loaded
   * @throws RecordReplaced
   */
  take(length: number, expected: 'record' | 'continued'): Buffer {
    const parts: Buffer[] = [];
    let missing = length;
    let isFirst = expected === 'record';
    while (missing > 0 || isFirst) {
      if (this.position % PAGE_BYTES === 0) {
        const page = this.position;
        const flags = this.#readPageHeader();
        if (!isFirst && (flags & FLAG.replacesRecord) !== 0) throw new RecordReplaced(page);
        if (isFirst === ((flags & FLAG.continued) !== 0)) throw new WalEnds();
      }
      if (isFirst) this.begin = this.position;
      isFirst = false;
      const part = this.#takeFromPage(missing);
      parts.push(part);
      missing -= part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  #takeFromPage(most: number): Buffer {
    const [bytes, at] = this.#locate();
    const rest = PAGE_BYTES - (this.position % PAGE_BYTES);
    const part = bytes.subarray(at, at + Math.min(most, rest));
    this.position += part.length;
    return part;
  }

  #locate(): [Buffer, number] {
    const segment = Math.floor(this.position / this.#segmentBytes);
    const bytes = this.#segments.get(segment);
    if (bytes === undefined) throw new WalEnds(segment);
    return [bytes, this.position % this.#segmentBytes];
  }

  /** Checks the header of the page at this position and skips it. @returns its flags */
  #readPageHeader(): number {
    const [bytes, at] = this.#locate();
    const isLong = at === 0;
    const magic = bytes.readUInt16LE(at);
    this.#magic ??= magic === 0 ? undefined : magic;
    if (magic !== this.#magic || bytes.readBigUInt64LE(at + 8) !== BigInt(this.position)) throw new WalEnds();
    if (isLong && bytes.readBigUInt64LE(at + SHORT_HEADER) !== this.#systemIdentifier) throw new WalEnds();
    this.position += isLong ? LONG_HEADER : SHORT_HEADER;
    return bytes.readUInt16LE(at + 2);
  }
}
