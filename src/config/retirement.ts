/** Since when an API is deprecated, and when it is shut down. */
export interface Retirement {
  readonly deprecated: Date | undefined;
  readonly sunset: Date | undefined;
}

interface Given {
  readonly deprecated: string;
  readonly sunset: string;
}

/**
 * RFC 9745 §4: what is shut down before it is deprecated is a mistake.
 * @param given as the operator wrote it; empty: not set
 * @param fault is told of each thing that is wrong
 */
export function readRetirement(
  given: Given,
  fault: (name: keyof Given, message: string) => void,
): Retirement | undefined {
  const read = (name: keyof Given): Date | undefined => {
    const at = instantOf(given[name]);
    if (at === undefined && given[name] !== '')
      fault(
        name,
        `is "${given[name]}" but must be a date such as 2027-01-31, or an instant such as 2027-01-31T18:00:00Z.`,
      );
    return at;
  };
  const [deprecated, sunset] = [read('deprecated'), read('sunset')];
  if (deprecated !== undefined && sunset !== undefined && sunset < deprecated)
    fault('sunset', 'must not be before the date of the deprecation.');
  return deprecated === undefined && sunset === undefined ? undefined : { deprecated, sunset };
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** A date begins at midnight UTC; undefined: it is none. */
function instantOf(text: string): Date | undefined {
  if (!DATE.test(text) && !INSTANT.test(text)) return undefined;
  const at = new Date(text);
  // JavaScript takes 30 February for 2 March.
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text.replace('Z', ''));
  return isReal ? at : undefined;
}
