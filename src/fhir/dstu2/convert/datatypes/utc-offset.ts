const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)$/;

/**
 * Writes the instant `time` with the UTC offset of `other`. Returns undefined if `time` or `other` has no time of day
 * with an offset.
 */
export function withOffsetOf(other: string, time: string): string | undefined {
  const [offset, minute, seconds, own] = [TIME.exec(other)?.[3], ...(TIME.exec(time) ?? []).slice(1)];
  if (offset === undefined || minute === undefined || own === undefined) return undefined;
  const shiftedTime = Date.parse(`${minute}Z`) + (offsetInMinutes(offset) - offsetInMinutes(own)) * 60_000;
  return `${new Date(shiftedTime).toISOString().slice(0, 16)}${seconds}${offset}`;
}

function offsetInMinutes(offset: string): number {
  if (offset === 'Z') return 0;
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
