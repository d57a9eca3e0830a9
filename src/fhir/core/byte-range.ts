/** Both ends are in it; counted from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The one range of bytes that is asked for. RFC 9110 §14.1.2. undefined: all is sent, because none is asked for, or several
 * are, or what is written is none (§14.2).
 * @param length of what there is, in bytes
 */
export function byteRangeOf(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') return suffixOf(Number(last), length);
  if (last !== '' && Number(last) < Number(first)) return undefined;
  if (Number(first) >= length) return 'unsatisfiable';
  return { first: Number(first), last: last === '' ? length - 1 : Math.min(Number(last), length - 1) };
}

/** The last so many. Of nothing there is no range to be named: it is sent whole. */
function suffixOf(count: number, length: number): ByteRange | 'unsatisfiable' | undefined {
  if (count === 0) return 'unsatisfiable';
  return length === 0 ? undefined : { first: Math.max(0, length - count), last: length - 1 };
}
