import type { BrandsService } from '../../brands/index.ts';
import { type Database, getDiskSpace } from '../../database/index.ts';
import { type BackgroundWork, HOURLY } from '../../jobs/index.ts';
import { type Clock, days } from '../../kernel/index.ts';
import type { ServerEmailQueue } from '../../mail/index.ts';
import type { OAuthAddresses, OAuthClients, SigningKeyring } from '../../oauth/index.ts';
import { createProbes } from './probes.ts';
import { createStatusMonitor, type StatusMonitor } from './status.ts';
import { purgeStatus } from './store.ts';

export interface StatusModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly server: {
    /** Handles a GET request inside this process, without the network, and returns its HTTP status. */
    request(path: string): Promise<number>;
  };
  /** Data folder of the embedded database, whose disk space is checked. undefined for an external database. */
  readonly dataDir: string | undefined;
  readonly mail: Pick<ServerEmailQueue, 'canSend'>;
  readonly addresses: OAuthAddresses;
  readonly oauth: { readonly keyring: SigningKeyring };
  readonly apps: OAuthClients;
  readonly brands: BrandsService;
}

export type StatusModule = StatusMonitor & BackgroundWork;

/** Creates the monitor that probes this server's components. */
export function createStatus(deps: StatusModuleDeps): StatusModule {
  const { db, clock, server, dataDir, mail, addresses, oauth, apps, brands } = deps;
  const probes = createProbes({
    db,
    clock,
    addresses,
    keyring: oauth.keyring,
    clients: apps,
    brands,
    sendsMail: mail.canSend,
    ask: server.request,
  });
  const diskIsLow = async () => dataDir !== undefined && (await getDiskSpace(dataDir)).isLow;
  return {
    ...createStatusMonitor({ db, clock, probes, diskIsLow }),
    tasks: [
      { name: 'purge-status-history', cron: HOURLY, keptFor: days(90), run: (before) => purgeStatus(db, before) },
    ],
  };
}
