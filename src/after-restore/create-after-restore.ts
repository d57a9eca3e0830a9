import { copyRecentEvents, findLostRecently, noticeLostEvents } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import { type BackgroundWork, EVERY_MINUTE } from '../jobs/index.ts';
import type { Clock } from '../kernel/index.ts';
import { holdUnsentEmails } from '../mail/index.ts';

export interface AfterRestoreDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Folder of the archive of the audit log; undefined if there is none. A restore then can't be noticed. */
  readonly folder: string | undefined;
  readonly log: {
    error(fields: { readonly databaseRestored: object } | { readonly auditArchive: object }): void;
  };
}

export interface AfterRestore extends BackgroundWork {
  /** Notices whether the database was restored to an earlier time. Call it before emails are sent. Doesn't throw. */
  notice(): Promise<void>;
}

/**
 * Copies the latest changes of the audit log to its archive every minute. If the database doesn't have events that were
 * copied before, it was restored to an earlier time: the log says so, and emails that waited are held back.
 */
export function createAfterRestore({ db, clock, folder, log }: AfterRestoreDeps): AfterRestore {
  async function report(lost: Awaited<ReturnType<typeof findLostRecently>>): Promise<void> {
    const last = lost.at(-1);
    if (last === undefined) return;
    const now = clock.now();
    const [lostEvents, heldEmails] = await db.transaction(async (tx) => {
      const noticed = await noticeLostEvents(tx, lost, now);
      return [noticed, noticed === 0 ? 0 : await holdUnsentEmails(tx, now, new Date(last.at))];
    });
    if (lostEvents > 0)
      log.error({ databaseRestored: { lostEvents, until: last.at, heldEmails, run: 'after-restore' } });
  }
  return {
    async notice() {
      if (folder === undefined) return;
      try {
        await report(await findLostRecently(db, folder));
      } catch (error) {
        const { code, name } = error as NodeJS.ErrnoException;
        log.error({ auditArchive: { failed: code ?? name, folder } });
      }
    },
    tasks: [
      {
        name: 'copy-audit-changes',
        cron: EVERY_MINUTE,
        run: async () => (folder === undefined ? undefined : report(await copyRecentEvents(db, folder))),
      },
    ],
  };
}
