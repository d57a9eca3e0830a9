export {
  addAccount,
  type HeldRecord,
  type NewAccount,
  recordsOfAccount,
} from './account.ts';
export { type BrowserCookies, browserCookies } from './browser.ts';
export type { PeopleAudit, PeoplePages, SignInPage } from './ports.ts';
export { type SignInDeps, signInRoutes } from './routes.ts';
export { findSession, type Session, sweepSessions } from './session.ts';
export { sweepThrottle } from './throttle.ts';
