/** A position in the write-ahead log (WAL), in bytes from its beginning. It is exact up to 8 PiB. */
export type Lsn = number;

const HIGH = 2 ** 32;

/** Parses a position as PostgreSQL prints it, such as `1/2A000028`. */
export function parseLsn(text: string): Lsn {
  const [, high = '', low = ''] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i.exec(text) ?? [];
  if (low === '') throw new TypeError(`"${text}" isn't a position in the WAL`);
  return Number.parseInt(high, 16) * HIGH + Number.parseInt(low, 16);
}

const hex = (number: number): string => number.toString(16).toUpperCase().padStart(8, '0');

/** Returns the name of the file with the segment that has this number. */
export function segmentName(timeline: number, segment: number, segmentBytes: number): string {
  const each = HIGH / segmentBytes;
  return hex(timeline) + hex(Math.floor(segment / each)) + hex(segment % each);
}

/** Parses the name of a segment's file. Returns undefined for any other name. */
export function parseSegmentName(
  name: string,
  segmentBytes: number,
): { readonly timeline: number; readonly segment: number } | undefined {
  const [, timeline = '', high = '', low = ''] = /^([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})$/.exec(name) ?? [];
  if (low === '') return undefined;
  const each = HIGH / segmentBytes;
  return {
    timeline: Number.parseInt(timeline, 16),
    segment: Number.parseInt(high, 16) * each + Number.parseInt(low, 16),
  };
}

export const historyName = (timeline: number): string => `${hex(timeline)}.history`;
