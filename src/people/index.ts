export {
  type Account,
  type AccountKind,
  addAccount,
  addDeveloper,
  addRepresentative,
  addStaff,
  type Employment,
  findAccount,
  foldUsername,
  isUsername,
  type NewAccount,
  nameOfAccount,
  ROLES,
  type Role,
  requireUsername,
} from './account.ts';
export { type BrowserCookies, browserCookies } from './browser.ts';
export { type Correspondence, openCorrespondence } from './correspondence.ts';
export type { PeopleDeps } from './deps.ts';
export { deviceOf } from './device.ts';
export { type Colleague, colleaguesAt, endJob, type Job, jobsOf, keepJob } from './employment.ts';
export { type Entrance, type EntranceDeps, type Entry, openEntrance, type Proof } from './entrance.ts';
export { type Factors, factorsOf, hasSecondFactor } from './factors/factors.ts';
export { passwordFaultInWords } from './form.ts';
export {
  type HeldRecord,
  practicesOfStaff,
  recordOfStaffById,
  recordOfStaffByKey,
  recordsOfAccount,
  recordsOfStaff,
} from './held-records.ts';
export { sweepKnownBrowsers } from './known-browser.ts';
export { askToConfirmEmail, type ConfirmEmailDeps } from './links/confirm-email.ts';
export { giveLostFactorLink, type LostFactorDeps, type Proofing } from './links/lost-factor.ts';
export { makeLink, sweepLinks } from './links/store.ts';
export { lockAccount, lockAccountById, unlockAccount, unlockAccountById } from './lock.ts';
export { addMadeUpRecord, endOwnAccess, opensElsewhere, restoreOwnAccess } from './own-access.ts';
export { openPasskeys, type PasskeyDeps, type PasskeyOwner, type Passkeys } from './passkeys/passkeys.ts';
export { type NewPasskey, sweepChallenges } from './passkeys/store.ts';
export { setPassword } from './password.ts';
export {
  type PasswordFault,
  type PasswordOwner,
  passwordFaults,
  SHORTEST_PASSWORD,
} from './password-faults.ts';
export {
  findDeveloperByEmail,
  findPerson,
  findPersonByEmail,
  findPersonByUsername,
  listPeople,
  type Person,
} from './person.ts';
export type * from './ports.ts';
export {
  type EndedOpener,
  endOpenersOf,
  endOpenersSince,
  restoreOpeners,
} from './record-openers.ts';
export { addRepresentation, endRepresentation, listRepresentations, type Representation } from './representation.ts';
export { peopleRoutes } from './routes.ts';
export { endSession, endSessionsOf, findSession, type Session, sweepSessions } from './session.ts';
export { requireChangeable, type SignedIn, signedIn } from './signed-in.ts';
export { countOver, type Limit, sweepThrottle } from './throttle.ts';
