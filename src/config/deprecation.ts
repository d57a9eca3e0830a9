import type { ApiDeprecation } from '../domain/index.ts';

interface DeprecationSettings {
  readonly deprecated: string;
  readonly sunset: string;
}

/**
 * Reads the dates of an API's deprecation and sunset. A sunset before the deprecation is an error (RFC 9745 §4).
 * @param given the two settings as entered; empty if not set
 * @param report receives each error
 */
export function readDeprecation(
  given: DeprecationSettings,
  report: (name: keyof DeprecationSettings, message: string) => void,
): ApiDeprecation | undefined {
  const read = (name: keyof DeprecationSettings): Date | undefined => {
    const at = parseInstant(given[name]);
    if (at === undefined && given[name] !== '')
      report(
        name,
        `is "${given[name]}" but must be a date such as 2027-01-31, or a date and time such as 2027-01-31T18:00:00Z.`,
      );
    return at;
  };
  const [deprecated, sunset] = [read('deprecated'), read('sunset')];
  if (deprecated !== undefined && sunset !== undefined && sunset < deprecated)
    report('sunset', 'must not be before the deprecation date.');
  return deprecated === undefined && sunset === undefined ? undefined : { deprecated, sunset };
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Parses a date, which stands for midnight UTC, or an instant in UTC. Returns undefined if the text is neither. */
function parseInstant(text: string): Date | undefined {
  if (!DATE.test(text) && !INSTANT.test(text)) return undefined;
  const at = new Date(text);
  // JavaScript parses February 30 as a day in March. Such a date is rejected, because its day prints differently.
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text.replace('Z', ''));
  return isReal ? at : undefined;
}
