import type { PasswordCost } from '../config/index.ts';
import type { Database, Executor } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { AccountId, ClientId, Clock, PracticeId, Random } from '../kernel/index.ts';
import type { Passkeys } from './passkeys/passkeys.ts';
import type { IdentityAuditLog, IdentityEmailQueue, IdentityPages } from './ports.ts';
import type { BrowserCookies } from './sessions/browser-cookies.ts';
import type { SignInCompletion } from './sign-in/complete-sign-in.ts';

export interface IdentityDeps extends IdentityRoutePorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly cookies: BrowserCookies;
  readonly audit: IdentityAuditLog;
  readonly encryption: Encryption;
  readonly post: IdentityEmailQueue;
  readonly pages: IdentityPages;
  readonly framing: PageContexts;
  readonly signInCompletion: SignInCompletion;
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
  readonly publicUrl: string;
  /** Brand name of the operator. It is the sender name of emails. */
  readonly brandName: string;
  readonly sandbox: boolean;
}

/** Services of other modules that the pages of sign-in and account security use. */
export interface IdentityRoutePorts {
  /** Returns the name of a registered app, which the sign-in page shows; `undefined` if there is no such app. */
  findAppName(clientId: ClientId): Promise<string | undefined>;
  /**
   * Functions that find the practice whose brand the sign-in page shows, from the address to return to after sign-in.
   * One function recognizes app launches, another one invitations. The first practice that is found is used; if none is
   * found, the page shows the operator's brand.
   */
  readonly returnPractices: readonly ((returnTo: URL) => Promise<PracticeId | undefined>)[];
  /** Permanently ends all access that apps have through an account. */
  endAppAccess(tx: Executor, now: Date, accountId: AccountId): Promise<unknown>;
  /**
   * Removes a developer from all organizations. Changes nothing if an organization with other members would be left
   * without an administrator.
   * @returns names of those organizations
   */
  leaveOrganizations(tx: Executor, accountId: AccountId): Promise<readonly string[]>;
}
