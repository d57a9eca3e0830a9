import type { PasswordCost } from '../../config/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import type { PageContexts } from '../../i18n/index.ts';
import type { BrowserCookies, Passkeys, SessionGuard, SignInCompletion } from '../../identity/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type { EnrollmentDeps } from '../ports.ts';

/** Dependencies of the enrollment pages. */
export interface EnrollmentPageDeps extends EnrollmentDeps {
  readonly db: Database;
  readonly cookies: BrowserCookies;
  readonly sessionGuard: SessionGuard;
  readonly framing: PageContexts;
  readonly signInCompletion: SignInCompletion;
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
  /** True if the server is reached over HTTPS, so that cookies are `Secure`. */
  readonly secure: boolean;
  /**
   * Emails a confirmation link to an address that the person entered. The account gets the address when the person
   * follows the link.
   */
  confirmEmail(tx: Executor, accountId: AccountId, email: string): Promise<void>;
}
