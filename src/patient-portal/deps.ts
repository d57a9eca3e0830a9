import type { AuditLog } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import type { SensitiveLabel } from '../domain/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { BrowserCookies, SessionGuard } from '../identity/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { EmailQueue } from '../mail/index.ts';
import type { OAuthAddresses, ServedTypes } from '../oauth/index.ts';
import type { ConsumerNames } from './values/consumer-names.ts';

export interface PatientPortalDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly signedIn: Pick<SessionGuard, 'patient'>;
  readonly cookies: Pick<BrowserCookies, 'csrf' | 'requireCsrf'>;
  readonly framing: PageContexts;
  readonly post: EmailQueue;
  readonly types: ServedTypes;
  readonly addresses: OAuthAddresses;
  /** Security labels of data that an app gets only if the person checks the label on the consent page. */
  readonly sensitive: readonly SensitiveLabel[];
  /** Plain names for medical terms, which the operator provides. */
  readonly consumerNames: ConsumerNames;
  readonly provisionalApps: 'sandbox' | 'inactive';
  readonly hasDemo: boolean;
  /** Drops the cached access tokens of a token family, so that their next use is checked in the database. */
  forgetFamily(familyId: string): void;
}
