const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Whether a dateTime is to the second and can stand where DSTU2 wants an instant. */
export const isInstant = (time: unknown): boolean => typeof time === 'string' && INSTANT.test(time);
