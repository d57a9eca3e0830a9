/** A range of byte positions, counted from 0. `first` and `last` both belong to the range. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Parses a Range header that requests one range of bytes (RFC 9110 §14.1.2).
 * @param length size of the content in bytes
 * @returns undefined if the whole content has to be sent: the client requests no range or several, or the header is
 * malformed (§14.2)
 */
export function parseByteRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') return suffixRange(Number(last), length);
  if (last !== '' && Number(last) < Number(first)) return undefined;
  if (Number(first) >= length) return 'unsatisfiable';
  return { first: Number(first), last: last === '' ? length - 1 : Math.min(Number(last), length - 1) };
}

/**
 * Returns the range of the last `count` bytes, for a header such as `bytes=-500`. Empty content has no ranges, so it is
 * sent as a whole.
 */
function suffixRange(count: number, length: number): ByteRange | 'unsatisfiable' | undefined {
  if (count === 0) return 'unsatisfiable';
  return length === 0 ? undefined : { first: Math.max(0, length - count), last: length - 1 };
}
