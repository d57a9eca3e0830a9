export { BulkFileError } from './bulk/parse-file.ts';
export { MIN_ACCOUNT_AGE } from './chart/age.ts';
export { readChart } from './chart/chart.ts';
export * from './contract.ts';
export { createEnrollment } from './create-enrollment.ts';
export { createEnrollments } from './enrollments.ts';
export { cancelInvitationsSince } from './invitation/cancel-since.ts';
export { cancelUnusedInvitation, cancelUnusedInvitationsOfPatient } from './invitation/cancel-unused.ts';
export { lockRecordEnrollment } from './invitation/enrollment-status.ts';
export {
  ENROLLMENT_CTES,
  ENROLLMENT_JOINS,
  ENROLLMENT_STATUS_SQL,
  INVITATION_EXPIRED_SQL,
} from './invitation/enrollment-status-sql.ts';
export { eraseEnrollment } from './invitation/erase-enrollment.ts';
export { listInviters } from './invitation/inviters.ts';
export {
  cancelFirstAdministratorInvitations,
  cancelStaffInvitation,
  findCanceledStaffInvitation,
  findStaffInvitation,
  insertStaffInvitation,
  listOpenStaffInvitations,
  lockStaffInvitation,
  recordStaffInvitationRedeemer,
  redeemStaffInvitation,
  type StaffInvitation,
} from './invitation/staff-invitations.ts';
export { letterPage, lettersPage, printedLetter } from './letter/page.ts';
export {
  ENROLLMENT_STATUSES,
  type EnrollmentStatus,
  isEnrollmentStatus,
} from './patient-list/enrollment-statuses.ts';
export { parsePatientSearch } from './patient-list/parse-search.ts';
export {
  MAX_MATCHES,
  type PatientListItem,
  type PatientListOrder,
  type PatientListQuery,
  type PatientListResult,
  SORT_COLUMNS,
  type SortColumn,
  searchPatients,
} from './patient-list/search-patients.ts';
export type { EnrollmentAuditLog, EnrollmentDeps, EnrollmentEvent } from './ports.ts';
export { createPublishedLetter } from './sandbox/published-letter.ts';
export { restoreSandboxStart, type SandboxStart } from './sandbox/restore-start.ts';
export {
  findSandboxPatient,
  listDueSandboxPatients,
  listSandboxPatients,
  lockDueSandboxPatient,
  markSandboxPatient,
  noteSandboxChange,
  type SandboxPatient,
} from './sandbox/sandbox-patients.ts';
