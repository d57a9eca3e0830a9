import type { AuditLog } from '../audit/index.ts';
import type { Database } from '../database/index.ts';
import { type BundleReceiver, projections } from '../fhir/index.ts';
import { type BackgroundWork, HOURLY } from '../jobs/index.ts';
import { type Clock, days, type Random } from '../kernel/index.ts';
import { purgeDailyCounts } from './daily-counts.ts';
import { openFeed } from './feed/open-feed.ts';
import { purgeRejectedEntries } from './feed/rejected-entries.ts';
import type { MergeNotifier } from './ports.ts';
import { openValidation, type ValidationSettings } from './validate/open-validation.ts';
import { purgeValidationIssues } from './validate/validation-issues.ts';

export interface IntakeModuleDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly config: { readonly validation: ValidationSettings };
  /** Base URL of the R4 API. */
  readonly base: string;
  readonly notifier: MergeNotifier;
}

export interface IntakeModule extends BackgroundWork {
  readonly feed: BundleReceiver;
}

/**
 * Creates the feed of backend apps.
 * @throws OperatorError if an implementation guide can't be read
 */
export async function createIntake(deps: IntakeModuleDeps): Promise<IntakeModule> {
  const { db, config, ...shared } = deps;
  const validation = openValidation(config.validation);
  // The definitions are loaded now, so that an unreadable implementation guide is reported at start and not by the
  // first Bundle.
  if (config.validation.guides.length > 0) await validation?.prepare();
  return {
    feed: openFeed({ ...shared, db, projections, validation }),
    tasks: [
      {
        name: 'purge-rejected-entries',
        cron: HOURLY,
        keptFor: days(30),
        run: (before) => purgeRejectedEntries(db, before),
      },
      { name: 'purge-validation-issues', cron: HOURLY, run: () => purgeValidationIssues(db) },
      { name: 'purge-daily-counts', cron: HOURLY, keptFor: days(400), run: (before) => purgeDailyCounts(db, before) },
    ],
  };
}
