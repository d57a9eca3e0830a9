const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)$/;

/** The instant `time` with the offset that `other` has; undefined: one of them is no time of a clock. */
export function byClockOf(other: string, time: string): string | undefined {
  const [offset, minute, seconds, own] = [TIME.exec(other)?.[3], ...(TIME.exec(time) ?? []).slice(1)];
  if (offset === undefined || minute === undefined || own === undefined) return undefined;
  const moved = Date.parse(`${minute}Z`) + (minutesOf(offset) - minutesOf(own)) * 60_000;
  return `${new Date(moved).toISOString().slice(0, 16)}${seconds}${offset}`;
}

function minutesOf(offset: string): number {
  if (offset === 'Z') return 0;
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
