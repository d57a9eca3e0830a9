import type { PasswordCost } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { BrowserCookies, Passkeys, SessionGuard, SignInCompletion } from '../identity/index.ts';
import type { OrganisationEmailDeps, PortalContext } from '../portal-api/index.ts';

/** Dependencies of the functions that create a developer's account. */
export interface NewDeveloperDeps extends Omit<PortalContext, 'guard'>, OrganisationEmailDeps {
  readonly passkeys: Passkeys;
  readonly passwordCost: PasswordCost;
}

/** Dependencies of the routes for the sign-up pages. */
export interface SignUpDeps extends NewDeveloperDeps {
  readonly cookies: BrowserCookies;
  readonly signedIn: SessionGuard;
  readonly entrance: SignInCompletion;
  readonly framing: PageContexts;
}
