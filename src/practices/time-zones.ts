/** IANA names that this server knows, by name. */
export const TIME_ZONES: readonly string[] = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])].sort();

/** Where most of the practices are: offered first. */
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

/** Of a practice that has not chosen. */
export const DEFAULT_TIME_ZONE = 'America/New_York';

export const isTimeZone = (name: string): boolean => TIME_ZONES.includes(name);
