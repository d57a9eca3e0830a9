/** FHIR R4 §2.24.0.1: an instant has a time zone and at least seconds. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Returns true if a FHIR dateTime is precise enough to be an instant: it has seconds and a time zone. */
export const isInstant = (time: unknown): time is string => typeof time === 'string' && INSTANT.test(time);

/**
 * Parses a FHIR instant. Returns undefined if the text has another format, or if there is no such time (February 30).
 */
export function parseInstant(value: unknown): Date | undefined {
  if (!isInstant(value)) return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
