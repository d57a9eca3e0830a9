import type { PasswordCost } from '../../config/index.ts';
import type { Database } from '../../database/index.ts';
import type { PageContexts } from '../../i18n/index.ts';
import type { BrowserCookies, Passkeys, SessionGuard, SignInCompletion } from '../../identity/index.ts';
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
  /** Whether the sandbox is on. While it is off, invitations of sandbox patients don't work. */
  readonly sandbox: boolean;
  /** True if browsers reach the server over HTTPS. Cookies then have the attribute `Secure`. */
  readonly secure: boolean;
  /** Brand name of the operator, which is the sender name of emails about accounts. */
  readonly brandName: string;
}
