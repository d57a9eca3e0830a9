/** FHIR R4 §2.24.0.1: an instant has a time zone and at least seconds. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Tells whether a dateTime is precise enough for an instant. */
export const isInstant = (time: unknown): time is string => typeof time === 'string' && INSTANT.test(time);

/** Returns undefined for anything else than an instant, and for a time that doesn't exist. */
export function parseInstant(value: unknown): Date | undefined {
  if (!isInstant(value)) return undefined;
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? undefined : at;
}
