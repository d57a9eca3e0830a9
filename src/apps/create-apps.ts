import type { Config } from '../config/index.ts';
import type { Database, Executor } from '../database/index.ts';
import type { App } from '../domain/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { type Clock, days, type Random } from '../kernel/index.ts';
import { createDeveloperActivityLog, type DeveloperActivityLog } from './activity/activity-log.ts';
import type { AppFirstCall } from './activity/first-call.ts';
import { purgeActivity } from './activity/purge.ts';
import { findApp, listApps } from './app.ts';
import { purgeExpiredSecrets } from './expiring-secrets.ts';
import { purgeNotifications } from './notifications/inbox.ts';
import { purgeJoinRequests } from './organisations/join-request.ts';
import { purgeUnusedApps } from './purge-unused-apps.ts';
import { createSelfRegistration } from './self-registration.ts';
import { purgeSandboxVisitors } from './visitors/sandbox-visitor.ts';

export interface AppsModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Pick<Config, 'trustedJwksHosts' | 'brandName'>;
  readonly log: { error(fields: { readonly appLog: string }): void };
  /**
   * Notifies an app's developers that the app received data for the first time. `tx` is the
   * transaction that records this first call.
   */
  firstCall(tx: Executor, call: AppFirstCall): Promise<void>;
}

export interface AppsModule extends BackgroundWork {
  find(clientId: string): Promise<App | undefined>;
  list(): ReturnType<typeof listApps>;
  readonly activityLog: DeveloperActivityLog;
  readonly selfRegistration: ReturnType<typeof createSelfRegistration>;
  /** Writes the entries that the activity log has buffered in memory. */
  close(): Promise<void>;
}

/** Creates the module that registers apps and logs their activity. */
export function createApps({ db, clock, random, config, log, firstCall }: AppsModuleDeps): AppsModule {
  const { trustedJwksHosts, brandName } = config;
  const failed = (error: unknown): void =>
    log.error({ appLog: String((error as { code?: unknown } | null | undefined)?.code) });
  const activityLog = createDeveloperActivityLog({ db, clock, random, firstCall, failed });
  return {
    find: (clientId) => findApp(db, clock, clientId),
    list: () => listApps(db),
    activityLog,
    selfRegistration: createSelfRegistration({ clock, random, trustedJwksHosts, brandName }),
    close: () => activityLog.close(),
    tasks: [
      {
        name: 'purge-app-activity',
        cron: HOURLY,
        run: async (before) => {
          await activityLog.flush();
          await purgeActivity(db, before);
        },
      },
      { name: 'purge-notifications', cron: HOURLY, run: (now) => purgeNotifications(db, now) },
      { name: 'purge-app-secrets', cron: HOURLY, keptFor: days(30), run: (before) => purgeExpiredSecrets(db, before) },
      { name: 'purge-unused-apps', cron: HOURLY, keptFor: days(90), run: (before) => purgeUnusedApps(db, before) },
      { name: 'purge-join-requests', cron: HOURLY, keptFor: days(365), run: (before) => purgeJoinRequests(db, before) },
      {
        name: 'purge-sandbox-visitors',
        cron: HOURLY,
        keptFor: days(1),
        run: (before) => purgeSandboxVisitors(db, before),
      },
    ],
  };
}
