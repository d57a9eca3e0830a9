import { findApp } from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { countRejectedEntries, countResourcesWithIssues, listSources, type SourceHealth } from '../../intake/index.ts';
import { type Clock, days, isDatabaseUnavailable, later, type PracticeId } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';
import { EXAMPLE_FEED_CLIENT_ID } from '../../sandbox/index.ts';
import { checkSilentApps } from './check-silent-apps.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

/** The example feed of the sandbox. Its rejected entries are there on purpose. */
const EXAMPLE_SOURCE = `app:${EXAMPLE_FEED_CLIENT_ID}`;
/** Number of days to look back for incoming data. */
const WINDOW_DAYS = 7;
/** Days without data after which an app that usually sends data is reported. */
const SILENT_DAYS = 3;
/**
 * An app is reported if a larger share than this, from 0 to 1, of the resources that it sent is stale. A resource is
 * stale if it is older than the version of it that the app had sent before.
 */
const MAX_STALE_SHARE = 0.05;

/**
 * Checks the data that apps send: whether the apps still send, how many rejected entries are stored or wait for a
 * resource that they refer to, and what validation found.
 */
export async function checkFeeds(db: Executor, clock: Clock): Promise<readonly DoctorFinding[]> {
  const practices = new Map((await listPractices(db)).map(({ practiceId, name }) => [practiceId, name]));
  const all = await listSources(db, later(clock.now(), -days(WINDOW_DAYS)));
  const sources = all.filter(({ source }) => source !== EXAMPLE_SOURCE);
  const feeds = await Promise.all(
    sources.filter(({ source }) => source.startsWith('app:')).map((one) => getFeedStatus(db, clock, one, practices)),
  );
  const findings = [
    ...feeds.flatMap((feed) => feedFindings(feed, clock.now())),
    ...(await checkSilentApps(db, clock.now(), sources)),
    ...(await pendingFindings(db, clock.now(), practices)),
    ...(await validationFindings(db, practices)),
  ];
  return findings.length === 0 ? [okFinding('feeds', 'no app has sent data')] : findings;
}

interface FeedStatus extends SourceHealth {
  /** Name of the app that sends the data, and its practice. */
  readonly name: string;
  /** Whether the app is active and may therefore send data. */
  readonly active: boolean;
}
type PracticeNamesById = ReadonlyMap<PracticeId, string>;

async function getFeedStatus(
  db: Executor,
  clock: Clock,
  health: SourceHealth,
  practices: PracticeNamesById,
): Promise<FeedStatus> {
  const app = await findApp(db, clock, health.source.replace(/^app:/, ''));
  const name = `${app?.name ?? health.source} at ${practices.get(health.practiceId) ?? 'a deleted practice'}`;
  return { ...health, name, active: app?.state === 'active' };
}

function feedFindings(
  { name, active, lastAt, inputs, written, stale, refused }: FeedStatus,
  now: Date,
): readonly DoctorFinding[] {
  const silent = Math.floor((now.getTime() - lastAt.getTime()) / DAY_MS);
  const all = written + stale + refused;
  const last = `last sent at ${lastAt.toISOString()}`;
  return [
    active && silent >= SILENT_DAYS
      ? warningFinding(
          'feeds',
          `${name} ${last}, ${silent} days ago.`,
          'Check that the practice’s system is running, and see its last rejections with patient-access apps log. If it was shut down, suspend the app with patient-access apps set-state.',
        )
      : okFinding('feeds', `${name} ${last}; ${inputs} Bundles in ${WINDOW_DAYS} days, ${written} resources`),
    ...(all > 0 && stale / all > MAX_STALE_SHARE
      ? [
          warningFinding(
            'feeds',
            `${percent(stale, all)} of the resources that ${name} sent in ${WINDOW_DAYS} days were older than the stored versions and were skipped.`,
            'Check its clock and the order in which it sends. meta.lastUpdated must increase with each change.',
          ),
        ]
      : []),
    ...(refused > 0
      ? [
          warningFinding(
            'feeds',
            `${percent(refused, all)} of the resources that ${name} sent in ${WINDOW_DAYS} days were rejected: ${refused}.`,
            'The responses to the app say where and why. For stored entries of batches, run: patient-access feed rejected',
          ),
        ]
      : []),
  ];
}

const DAY_MS = 86_400_000;
const percent = (part: number, all: number): string => `${((part / all) * 100).toFixed(1)} %`;

async function pendingFindings(
  db: Executor,
  now: Date,
  practices: PracticeNamesById,
): Promise<readonly DoctorFinding[]> {
  const stored = (await countRejectedEntries(db)).filter(({ source }) => source !== EXAMPLE_SOURCE);
  return stored.map(({ practiceId, source, entries, waiting, oldest }) => {
    const age = Math.floor((now.getTime() - oldest.getTime()) / DAY_MS);
    return warningFinding(
      'feeds',
      `stored rejected entries of ${source} at ${practices.get(practiceId) ?? practiceId}: ${entries}, of which ${waiting} wait for a resource that they refer to. The oldest has been stored for ${age} days.`,
      'To see why, run patient-access feed rejected. Fix the cause, then run patient-access feed retry. Entries are deleted after 30 days.',
    );
  });
}

async function validationFindings(db: Executor, practices: PracticeNamesById): Promise<readonly DoctorFinding[]> {
  const counted = await countResourcesWithIssues(db).catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) return undefined;
    throw error;
  });
  // The check of the nodes says which one is down.
  if (counted === undefined)
    return [
      warningFinding(
        'validation',
        'resources with errors can’t be counted, because a node can’t be reached.',
        'Start the node, and run patient-access doctor again.',
      ),
    ];
  return counted.map(({ practiceId, errors, warnings }) =>
    warningFinding(
      'validation',
      `resources of ${practices.get(practiceId) ?? practiceId} with errors: ${errors}; with warnings only: ${warnings}.`,
      'To list them by kind, run patient-access validation issues. Fix them in the source system and send them again. VALIDATION=strict rejects new ones.',
    ),
  );
}
