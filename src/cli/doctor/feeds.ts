import type { Executor } from '../../database/index.ts';
import { countFaulty, countKept, listSources, type SourceHealth } from '../../intake/index.ts';
import { type Clock, days, later, type PracticeId } from '../../kernel/index.ts';
import { listPractices } from '../../practices/index.ts';
import { findApp } from '../../registry/index.ts';
import { type Finding, fine, look } from './checkup.ts';
import { silentApps } from './silent-apps.ts';

/** Days to look back. */
const WINDOW = 7;
/** Days without a Bundle after which a feed is reported as silent. */
const SILENT = 3;
/** Share of stale resources above which the source is reported. */
const STALE = 0.05;

/** Checks incoming data: whether feeds still send, which entries are pending or rejected, and what validation found. */
export async function checkFeeds(db: Executor, clock: Clock): Promise<readonly Finding[]> {
  const practices = new Map((await listPractices(db)).map(({ practiceId, name }) => [practiceId, name]));
  const sources = await listSources(db, later(clock.now(), -days(WINDOW)));
  const feeds = await Promise.all(
    sources.filter(({ source }) => source.startsWith('app:')).map((one) => feedOf(db, clock, one, practices)),
  );
  const findings = [
    ...feeds.flatMap((feed) => findingsOf(feed, clock.now())),
    ...(await silentApps(db, clock.now(), sources)),
    ...(await waiting(db, clock.now(), practices)),
    ...(await faulty(db, practices)),
  ];
  return findings.length === 0 ? [fine('feeds', 'no app has sent anything')] : findings;
}

interface Feed extends SourceHealth {
  /** Name of the app and its practice. */
  readonly name: string;
  /** Whether the app is active and may send. */
  readonly active: boolean;
}
type Names = ReadonlyMap<PracticeId, string>;

async function feedOf(db: Executor, clock: Clock, health: SourceHealth, practices: Names): Promise<Feed> {
  const app = await findApp(db, clock, health.source.replace(/^app:/, ''));
  const name = `${app?.name ?? health.source} at ${practices.get(health.practiceId) ?? 'a practice that is gone'}`;
  return { ...health, name, active: app?.state === 'active' };
}

function findingsOf({ name, active, lastAt, inputs, written, stale, refused }: Feed, now: Date): readonly Finding[] {
  const silent = Math.floor((now.getTime() - lastAt.getTime()) / DAY);
  const all = written + stale + refused;
  const last = `last sent at ${lastAt.toISOString()}`;
  return [
    active && silent >= SILENT
      ? look(
          'feeds',
          `${name} ${last}: ${silent} days ago.`,
          'See whether the practice’s system runs, and in patient-access apps log what it was answered last. If it was shut down: apps set-state.',
        )
      : fine('feeds', `${name} ${last}; ${inputs} Bundles in ${WINDOW} days, ${written} resources`),
    ...(all > 0 && stale / all > STALE
      ? [
          look(
            'feeds',
            `${percent(stale, all)} of what ${name} sent in ${WINDOW} days was older than what it had sent before, and was left out.`,
            'Its clock, or the order in which it sends, is wrong: meta.lastUpdated has to rise with each change.',
          ),
        ]
      : []),
    ...(refused > 0
      ? [
          look(
            'feeds',
            `${percent(refused, all)} of what ${name} sent in ${WINDOW} days was refused: ${refused}.`,
            'Its answers say where and why. What of a batch may be accepted later: patient-access feed rejected',
          ),
        ]
      : []),
  ];
}

const DAY = 86_400_000;
const percent = (part: number, all: number): string => `${((part / all) * 100).toFixed(1)} %`;

async function waiting(db: Executor, now: Date, practices: Names): Promise<readonly Finding[]> {
  return (await countKept(db)).map(({ practiceId, source, entries, waiting, oldest }) => {
    const age = Math.floor((now.getTime() - oldest.getTime()) / DAY);
    return look(
      'feeds',
      `${entries} refused entries of ${source} at ${practices.get(practiceId) ?? practiceId} are kept, ${waiting} of them for what they refer to; the oldest for ${age} days.`,
      'patient-access feed rejected says why; after mending it, patient-access feed retry. They go after 30 days.',
    );
  });
}

async function faulty(db: Executor, practices: Names): Promise<readonly Finding[]> {
  return (await countFaulty(db)).map(({ practiceId, errors, warnings }) =>
    look(
      'validation',
      `${errors} resources of ${practices.get(practiceId) ?? practiceId} have errors, ${warnings} others warnings.`,
      'patient-access validation issues lists them by kind. Have them mended at their source, which then sends them again; VALIDATION=strict keeps new ones out.',
    ),
  );
}
