import type { Approvals } from '../approvals/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { PasswordCost } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { BrowserCookies, SessionGuard } from '../identity/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';
import type { ServedTypes } from '../oauth/index.ts';

/** Dependencies of all staff pages except those about patients. */
export interface PracticeAdminDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly cookies: BrowserCookies;
  readonly signedIn: SessionGuard;
  readonly passwordCost: PasswordCost;
  readonly framing: PageContexts;
  readonly post: ServerEmailQueue;
  readonly types: Pick<ServedTypes, 'aliases'>;
  readonly publicUrl: string;
  /** Display name of the installation. */
  readonly brandName: string;
  readonly approvals: Approvals;
}
