/** Enrollment status of a patient. */
export const ENROLLMENT_STATUSES = ['not-enrolled', 'invited', 'enrolled', 'declined', 'locked'] as const;
export type EnrollmentStatus = (typeof ENROLLMENT_STATUSES)[number];

export const isEnrollmentStatus = (text: unknown): text is EnrollmentStatus =>
  ENROLLMENT_STATUSES.some((status) => status === text);

export const STATUS_NAMES: Readonly<Record<EnrollmentStatus, string>> = {
  'not-enrolled': 'Not enrolled',
  invited: 'Invited',
  enrolled: 'Enrolled',
  declined: 'Declined',
  locked: 'Locked',
};
