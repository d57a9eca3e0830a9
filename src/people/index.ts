export {
  type Account,
  type AccountKind,
  addAccount,
  addRepresentative,
  addStaff,
  type Employment,
  findAccount,
  type NewAccount,
  nameOfAccount,
  requireUsername,
} from './account.ts';
export { type BrowserCookies, browserCookies } from './browser.ts';
export {
  type HeldRecord,
  practicesOfStaff,
  recordOfStaffById,
  recordOfStaffByKey,
  recordsOfAccount,
  recordsOfStaff,
} from './held-records.ts';
export { lockAccount, unlockAccount } from './lock.ts';
export type { PeopleAudit, PeoplePages, SignInPage } from './ports.ts';
export { addRepresentation, endRepresentation, listRepresentations, type Representation } from './representation.ts';
export { type SignInDeps, signInRoutes } from './routes.ts';
export { findSession, type Session, sweepSessions } from './session.ts';
export { sweepThrottle } from './throttle.ts';
