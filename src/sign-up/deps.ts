import type { PasswordCost } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { BrowserCookies, Passkeys, SessionGuard, SignInCompletion } from '../identity/index.ts';
import type { OrganisationEmailDeps, PortalContext } from '../portal-api/index.ts';

/** Dependencies of a developer's new account. */
export interface NewDeveloperDeps extends Omit<PortalContext, 'guard'>, OrganisationEmailDeps {
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
}

/** Dependencies of the pages of developer sign-up. */
export interface SignUpDeps extends NewDeveloperDeps {
  readonly cookies: BrowserCookies;
  readonly signedIn: SessionGuard;
  readonly entrance: SignInCompletion;
  readonly framing: PageContexts;
}
