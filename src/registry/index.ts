export type { FirstCall } from './activity/first-call.ts';
export { type LogPosition, type LogRow, listLog } from './activity/list-log.ts';
export { openActivity } from './activity/open-activity.ts';
export { sweepActivity } from './activity/sweep.ts';
export { type Counted, firstCallOf, type UsageSpan, usageOf } from './activity/usage.ts';
export {
  type App,
  type AppAuth,
  type AppKind,
  type AppTerms,
  findApp,
  listApps,
  listAppsOf,
  lockApp,
  type RegisteredBy,
  registeredBy,
} from './app.ts';
export { requireRoomForApp } from './app-limit.ts';
export { findAppLogo, logoPath } from './app-logo.ts';
export { type AuthWishes, changeAuth } from './auth-change.ts';
export { type AppEvent, type AppEventKind, listAppEvents, type NewAppEvent, recordAppEvent } from './events.ts';
export type { Fault, FaultCode } from './fault.ts';
export { type AppFault, faultsOf } from './faults.ts';
export { imitationFaults } from './imitation.ts';
export { keySetFault, usableKeys } from './key-set-fault.ts';
export type { AppState } from './lifecycle.ts';
export { alphabetFaults, nameFaults } from './name-faults.ts';
export { askToJoin, decideRequest, type OwnRequest, requestsOf } from './organisations/join-request.ts';
export { leaveOrganisations } from './organisations/leave-all.ts';
export { addMember, changeRole, holdOrganisation, type MemberRefusal, removeMember } from './organisations/members.ts';
export {
  holdMembership,
  type MemberRole,
  type Membership,
  mayActAs,
  membershipsOf,
} from './organisations/membership.ts';
export {
  changeOrganisation,
  findOrganisation,
  findOrganisationOfDomain,
  foundOrganisation,
  type Organisation,
} from './organisations/organisation.ts';
export { isLocalOnly, isLoopback, redirectFault } from './redirect-uri.ts';
export { type AppChanges, type Credentials, type NewApp, registerApp, setApp, termsOf } from './register.ts';
export { openRegistrar } from './registrar.ts';
export { type Approved, approveVersion, verifyVersion } from './review/approve.ts';
export { askAboutVersion, hasReader } from './review/ask.ts';
export { OPERATOR_ZONE } from './review/business-days.ts';
export { decideByOperator } from './review/by-operator.ts';
export { clockOf, type DueVersion, type ReviewClock, takeVersionsDue } from './review/clock-of.ts';
export { groundsFor, needsTwo } from './review/grounds.ts';
export { wasApproved } from './review/lock.ts';
export { addReviewNote, listReviewNotes } from './review/notes.ts';
export { listOrganisations, unverifyOrganisation, verifyOrganisation } from './review/organisations.ts';
export { type Reason, rejectVersion, resumeApp, retireApp, suspendApp } from './review/refuse.ts';
export {
  addSecret,
  endSecret,
  endSecretById,
  endSecrets,
  listSecrets,
  type NewSecret,
  type Secret,
  secretAfter,
} from './secrets.ts';
export { claimExpiringSecrets, type ExpiringSecret, sweepSecrets } from './secrets-expiring.ts';
export { changeAppState } from './state.ts';
export { sweepUnusedApps } from './sweep-unused.ts';
export { adoptUnversioned } from './versions/adopt.ts';
export { approveByItself } from './versions/automatic.ts';
export {
  differingFields,
  type HandedIn,
  handIn,
  type Outcome,
  submitFirst,
  withdrawVersion,
} from './versions/hand-in.ts';
export { type ReviewedField, waitingFields, withReviewed } from './versions/matters.ts';
export { registerFirst } from './versions/register-first.ts';
export type { Standing } from './versions/standing.ts';
export {
  findOpenVersion,
  findVersions,
  keepVersion,
  listOpenVersions,
  openVersionsOf,
  versionLogo,
} from './versions/store.ts';
export { type AppLogo, type AppVersion, isOpen, type VersionState } from './versions/version.ts';
