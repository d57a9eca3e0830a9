/** IANA names of the time zones that this server knows, sorted. */
export const TIME_ZONES: readonly string[] = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort();

/** Time zones of the United States, which selection lists show first. */
export const AMERICAN_TIME_ZONES: readonly string[] = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Phoenix',
  'America/Los_Angeles',
  'America/Anchorage',
  'Pacific/Honolulu',
  'America/Puerto_Rico',
].filter((zone) => TIME_ZONES.includes(zone));

/** Time zone of a practice that hasn't chosen one. */
export const DEFAULT_TIME_ZONE = 'America/New_York';

/** Tells whether a name is a time zone that this server knows. */
export const isTimeZone = (name: string): boolean => TIME_ZONES.includes(name);
