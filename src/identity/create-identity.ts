import type { FastifyInstance } from 'fastify';
import { type Config, usesHttps } from '../config/index.ts';
import type { Database, Executor } from '../database/index.ts';
import type { AccessibleRecord } from '../domain/index.ts';
import type { Encryption } from '../encryption/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { type AccountId, type Clock, days, type Random, type RecordId } from '../kernel/index.ts';
import { findDisplayName } from './accounts/account.ts';
import { findAccountProfile } from './accounts/account-profile.ts';
import type { IdentityDeps, IdentityRoutePorts } from './deps.ts';
import { type AccountEmails, createAccountEmails } from './emails/account-emails.ts';
import { purgeExpiredLinks } from './links/one-time-links.ts';
import { purgeExpiredChallenges } from './passkeys/passkey-store.ts';
import { createPasskeys, type Passkeys } from './passkeys/passkeys.ts';
import type { IdentityAuditLog, IdentityEmailQueue, IdentityPages } from './ports.ts';
import {
  findStaffPatientById,
  findStaffPatientByKey,
  listAccountRecords,
  listStaffPractices,
  searchStaffPatients,
} from './records/accessible-records.ts';
import { identityRoutes } from './routes.ts';
import { type BrowserCookies, createBrowserCookies } from './sessions/browser-cookies.ts';
import { purgeKnownBrowsers } from './sessions/known-browser.ts';
import { purgeExpiredSessions } from './sessions/session.ts';
import { createSessionGuard, type SessionGuard } from './sessions/session-guard.ts';
import { createSignInCompletion, type SignInCompletion } from './sign-in/complete-sign-in.ts';
import { createSharedSignIn, type SharedSignIn } from './sign-in/shared-sign-in.ts';

export interface IdentityModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: IdentityAuditLog;
  readonly encryption: Encryption;
  readonly mail: IdentityEmailQueue;
  readonly pageContexts: PageContexts;
  readonly pages: IdentityPages;
  readonly config: Pick<Config, 'publicUrl' | 'brandName' | 'passwordCost' | 'sandbox'>;
}

/** Finds the signed-in user of a browser, and protects the forms of other modules against CSRF. */
export interface Visitors extends Pick<SessionGuard, 'current'>, Pick<BrowserCookies, 'csrf' | 'requireCsrf'> {}

/** Finds the patient records that an account may open. `records/accessible-records.ts` describes the functions. */
export interface AccessibleRecords {
  listForAccount(accountId: AccountId): Promise<readonly AccessibleRecord[]>;
  searchForStaff(accountId: AccountId, words: string): Promise<readonly AccessibleRecord[]>;
  findForStaffByKey(accountId: AccountId, key: string): Promise<AccessibleRecord | undefined>;
  findForStaffById(accountId: AccountId, recordId: RecordId): Promise<AccessibleRecord | undefined>;
  listStaffPractices(accountId: AccountId): ReturnType<typeof listStaffPractices>;
}

export interface IdentityModule extends BackgroundWork {
  readonly cookies: BrowserCookies;
  readonly signedIn: SessionGuard;
  readonly entrance: SignInCompletion;
  /** Signs a browser in with a shared sandbox account. */
  readonly signInShared: SharedSignIn;
  readonly passkeys: Passkeys;
  readonly visitors: Visitors;
  readonly records: AccessibleRecords;
  readonly accountEmails: AccountEmails;
  /** Returns an account's display name; undefined if there is no such account. */
  findDisplayName(accountId: AccountId): Promise<string | undefined>;
  /** Returns the confirmed email address of an open account; undefined if it has none. */
  findEmail(tx: Executor, accountId: AccountId): Promise<string | undefined>;
  /**
   * Returns a function that registers the pages of sign-in, account recovery and account security. The Fastify plugins
   * for cookies and forms must be registered before that function is called.
   */
  createRoutes(ports: IdentityRoutePorts): (scope: FastifyInstance) => void;
}

/**
 * Creates the identity module: sign-in, sessions, credentials, and the look-up of the patient records that an account
 * may open.
 */
export function createIdentity(deps: IdentityModuleDeps): IdentityModule {
  const { db, clock, random, audit, encryption, mail: post, pageContexts: framing, pages, config } = deps;
  const { publicUrl, brandName, passwordCost, sandbox } = config;
  const cookies = createBrowserCookies({ random, secure: usesHttps(config) });
  const signedIn = createSessionGuard({ db, clock, cookies });
  const shared = { db, clock, random, cookies, audit, post, brandName, publicUrl };
  const entrance = createSignInCompletion(shared);
  const passkeys = createPasskeys(shared);
  const routeDeps: Omit<IdentityDeps, keyof IdentityRoutePorts> = {
    ...shared,
    encryption,
    pages,
    framing,
    signInCompletion: entrance,
    passkeys,
    passwordCost,
    sandbox,
  };
  return {
    cookies,
    signedIn,
    entrance,
    signInShared: createSharedSignIn(routeDeps),
    passkeys,
    visitors: { current: signedIn.current, csrf: cookies.csrf, requireCsrf: cookies.requireCsrf },
    records: {
      listForAccount: (accountId) => listAccountRecords(db, accountId),
      searchForStaff: (accountId, words) => searchStaffPatients(db, accountId, words),
      findForStaffByKey: (accountId, key) => findStaffPatientByKey(db, accountId, key),
      findForStaffById: (accountId, recordId) => findStaffPatientById(db, accountId, recordId),
      listStaffPractices: (accountId) => listStaffPractices(db, accountId),
    },
    accountEmails: createAccountEmails({ post, brandName }),
    findDisplayName: (accountId) => findDisplayName(db, accountId),
    findEmail: async (tx, accountId) => (await findAccountProfile(tx, accountId))?.email,
    createRoutes: (ports) => (scope) => identityRoutes(scope, { ...routeDeps, ...ports }),
    tasks: [
      { name: 'purge-sessions', cron: HOURLY, run: (before) => purgeExpiredSessions(db, before) },
      { name: 'purge-challenges', cron: HOURLY, run: (before) => purgeExpiredChallenges(db, before) },
      { name: 'purge-account-links', cron: HOURLY, keptFor: days(1), run: (before) => purgeExpiredLinks(db, before) },
      {
        name: 'purge-known-browsers',
        cron: HOURLY,
        keptFor: days(400),
        run: (before) => purgeKnownBrowsers(db, before),
      },
    ],
  };
}
