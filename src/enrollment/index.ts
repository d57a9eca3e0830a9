export { BulkFileError } from './bulk/parse-file.ts';
export { MIN_ACCOUNT_AGE } from './chart/age.ts';
export * from './contract.ts';
export { createEnrollments } from './enrollments.ts';
export { cancelInvitationsSince } from './invitation/cancel-since.ts';
export { findInvitationPractice } from './invitation/find-practice.ts';
export { MAX_WRONG_ANSWERS } from './invitation/open-invitation.ts';
export {
  cancelFirstAdministratorInvitations,
  cancelStaffInvitation,
  findStaffInvitation,
  insertStaffInvitation,
  listOpenStaffInvitations,
  recordStaffInvitationRedeemer,
  redeemStaffInvitation,
  type StaffInvitation,
} from './invitation/staff-invitations.ts';
export { letterPage, lettersPage } from './letter/page.ts';
export type { EnrollmentPageDeps } from './patient/deps.ts';
export type { EnrollmentAuditLog, EnrollmentDeps, EnrollmentEvent } from './ports.ts';
export { purgeExpiredEnrollments } from './purge-expired.ts';
export { enrollmentRoutes } from './routes/routes.ts';
