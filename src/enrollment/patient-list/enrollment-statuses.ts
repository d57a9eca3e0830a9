/** How far a patient has come in getting an account. Each patient of a practice has one of these statuses. */
export const ENROLLMENT_STATUSES = ['not-enrolled', 'invited', 'enrolled', 'declined', 'locked'] as const;
export type EnrollmentStatus = (typeof ENROLLMENT_STATUSES)[number];

/** Whether a text, such as a query parameter, is one of `ENROLLMENT_STATUSES`. */
export const isEnrollmentStatus = (text: unknown): text is EnrollmentStatus =>
  ENROLLMENT_STATUSES.some((status) => status === text);
