const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether a dateTime is precise to the second and therefore valid as a DSTU2 instant. */
export const isInstant = (time: unknown): boolean => typeof time === 'string' && INSTANT.test(time);
