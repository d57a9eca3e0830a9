export { createDeveloperActivityLog, type DeveloperActivityLog } from './activity/activity-log.ts';
export type { AppFirstCall } from './activity/first-call.ts';
export { type AppLogPosition, type AppLogRow, listAppLog, listMadeUpAppLog } from './activity/list-log.ts';
export { addMadeUpActivity, type MadeUpActivity } from './activity/made-up-activity.ts';
export { purgeActivity } from './activity/purge.ts';
export { findFirstCall, readMadeUpUsage, readUsage, type UsageMeasurement, type UsageSpan } from './activity/usage.ts';
export { type AppRegistrant, appRegistrant, findApp, listApps, listOrganisationApps, lockApp } from './app.ts';
export {
  type AppEvent,
  type AppEventKind,
  appendAppEvent,
  countSuspensions,
  listAppEvents,
  type NewAppEvent,
} from './app-events.ts';
export { requireRoomForApp } from './app-limit.ts';
export { findAppLogo, logoPath, saveAppLogo } from './app-logo.ts';
export { changeAppState } from './change-app-state.ts';
export { type AuthMethodChange, changeAuthMethod } from './change-auth-method.ts';
export { createApps } from './create-apps.ts';
export { claimExpiringSecrets, type ExpiringAppSecret } from './expiring-secrets.ts';
export { listListedApps } from './listed-apps.ts';
export {
  deleteEmailTopicsOfAccounts,
  EMAIL_TOPICS,
  type EmailTopic,
  listAccountsWithoutEmail,
  listEmailTopicsOff,
  setEmailTopicsOff,
} from './notifications/email-topics.ts';
export {
  type AppNotification,
  countUnreadNotifications,
  listNotifications,
  markNotificationsRead,
} from './notifications/inbox.ts';
export type { NotificationKind } from './notifications/notification.ts';
export { claimRisingErrors, type RisingErrors } from './notifications/rising-errors.ts';
export { type JoinApplicant, listJoinApplicants } from './organisations/join-applicants.ts';
export {
  decideJoinRequest,
  listJoinRequests,
  type OwnJoinRequest,
  requestToJoin,
} from './organisations/join-request.ts';
export { leaveOrganisations } from './organisations/leave-organisations.ts';
export {
  addMember,
  changeRole,
  lockOrganisation,
  type MemberChangeError,
  removeMember,
} from './organisations/members.ts';
export {
  includesRole,
  isOrganisationAdministratorSql,
  listMemberships,
  lockMembership,
  type OrganisationMembership,
  type OrganisationRole,
} from './organisations/membership.ts';
export {
  changeOrganisation,
  createOrganisation,
  findOrganisation,
  findOrganisationOfDomain,
  type Organisation,
} from './organisations/organisation.ts';
export { type AppChanges, type AppRegistration, registerApp, updateApp, withDefaultTerms } from './register.ts';
export { removePracticeFromApps } from './removed-practice.ts';
export { setRequestLimit } from './request-limit.ts';
export { needsTwoApprovers } from './review/approval-rules.ts';
export { type ApprovalResult, approveVersion, verifyVersion } from './review/approve.ts';
export { askDeveloper, canAskDeveloper } from './review/ask-question.ts';
export { businessDaysBetween, OPERATOR_ZONE } from './review/business-days.ts';
export { decideByOperator } from './review/decide-by-operator.ts';
export { allowedGrounds } from './review/grounds.ts';
export { wasApproved } from './review/lock-version.ts';
export { addReviewNote, listReviewNotes } from './review/notes.ts';
export {
  checkStateChange,
  type DecisionReason,
  rejectVersion,
  resumeApp,
  retireApp,
  suspendApp,
} from './review/reject-or-stop.ts';
export { claimDueVersions, type DueVersion, type ReviewDeadline, reviewDeadline } from './review/review-deadline.ts';
export { listOrganisations, unverifyOrganisation, verifyOrganisation } from './review/verify-organisation.ts';
export {
  type AppSecret,
  addSecret,
  endSecret,
  endSecretById,
  endSecrets,
  listSecrets,
  type NewAppSecret,
  updateSecretForAuthMethod,
} from './secrets.ts';
export type { AppIssue, AppIssueCode } from './terms/app-issue.ts';
export { checkKeySet, countUsableKeys } from './terms/check-key-set.ts';
export { checkAlphabets, checkAppName } from './terms/check-name.ts';
export { checkRedirectUri, isLocalOnly, isLoopback } from './terms/check-redirect-uri.ts';
export { type AppFieldIssue, checkAppTerms } from './terms/check-terms.ts';
export { checkNameImitation } from './terms/name-imitation.ts';
export { addMissingVersions } from './versions/add-missing-versions.ts';
export { approveAutomatically } from './versions/approve-automatically.ts';
export { registerUnownedApp } from './versions/register-unowned-app.ts';
export { fieldsNeedingReview, type ReviewedField, withReviewed } from './versions/reviewed-fields.ts';
export {
  differingFields,
  type SubmissionResult,
  submitFirstVersion,
  submitVersion,
  type VersionSubmission,
  withdrawVersion,
} from './versions/submit-version.ts';
export { type AppLogo, type AppVersion, isPending, type VersionState } from './versions/version.ts';
export {
  findPendingVersion,
  findPendingVersions,
  findVersionLogo,
  findVersions,
  listPendingVersions,
  updateVersion,
} from './versions/version-store.ts';
export {
  addSandboxVisitor,
  findSandboxVisitor,
  MAX_VISITORS,
  removeSandboxVisitor,
  type SandboxVisitorKey,
} from './visitors/sandbox-visitor.ts';
