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
  /** True if browsers use HTTPS. */
  readonly secure: boolean;
  /** Emails a confirmation link; the account doesn't have the address until it is followed. */
  confirmEmail(tx: Executor, accountId: AccountId, email: string): Promise<void>;
}
