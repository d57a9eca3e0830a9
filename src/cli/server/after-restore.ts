import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type LostRevocation,
  type Reapplied,
  type RestoreReport,
  reapplyRevocations,
  reportRestore,
} from '../../after-restore/index.ts';
import { archiveFolder } from '../../audit/index.ts';
import { type Executor, openDatabase } from '../../database/index.ts';
import { systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { discardHeldEmails, releaseHeldEmails } from '../../mail/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { AFTER_RESTORE } from '../definitions/server.ts';
import { withInstallation } from '../with-installation.ts';

export async function afterRestoreCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof AFTER_RESTORE>,
): Promise<number> {
  const done = await withInstallation(input, async ({ db, dataDir, encryption }) => {
    const folder =
      values.archive === undefined
        ? archiveFolder(input.config.auditArchiveDir, dataDir)
        : path.resolve(input.folder, values.archive);
    return withOther(input, values.database, async (other) => {
      const sources = { folder, other, accepted: true };
      const reapplied = values.reapply
        ? await reapplyRevocations({ db, clock, random, encryption }, sources)
        : undefined;
      const emails = await handleEmails(db, values.emails);
      return { folder, reapplied, emails, report: await reportRestore(db, sources) };
    });
  });
  printResult(input, toJson(done), toText(done));
  return 0;
}

interface Done {
  readonly folder: string | undefined;
  readonly report: RestoreReport;
  readonly reapplied: Reapplied | undefined;
  /** Number of held emails that were sent or discarded; undefined if none were to be. */
  readonly emails: number | undefined;
}

/** Calls a function with the database whose URL a file has. */
async function withOther<Result>(
  { folder }: CommandInput,
  file: string | undefined,
  work: (other: Executor | undefined) => Promise<Result>,
): Promise<Result> {
  if (file === undefined) return work(undefined);
  const connectionString = (await readFile(path.resolve(folder, file), 'utf8').catch(() => '')).trim();
  if (!/^postgres(ql)?:\/\//.test(connectionString))
    throw new OperatorError(`--database: ${file} must be a file with a URL such as postgresql://user@host/database.`);
  const other = openDatabase({ connectionString }, 1);
  try {
    return await work(other);
  } finally {
    await other.close();
  }
}

async function handleEmails(db: Executor, what: 'send' | 'discard' | undefined): Promise<number | undefined> {
  if (what === undefined) return undefined;
  return what === 'send' ? releaseHeldEmails(db) : discardHeldEmails(db, clock.now());
}

const toJson = ({ report, reapplied, emails }: Done) => ({
  lost_events: report.lost.count,
  first: report.lost.first ?? null,
  last: report.lost.last ?? null,
  lost_segments: report.lost.segments.map(({ segment, day }) => ({ segment, day })),
  revocations: report.revocations.map(({ event, name, what, result, byHand }) => ({
    at: event.at,
    event: event.id,
    name,
    what,
    result: result ?? 'open',
    by_hand: byHand ?? null,
  })),
  other_changes: report.others,
  held_emails: report.heldEmails,
  ...(emails === undefined ? {} : { emails }),
  ...(reapplied === undefined ? {} : { ended_sessions: reapplied.sessions, ended_links: reapplied.links }),
});

const RESULTS = { reapplied: 'repeated', 'not-needed': 'not needed', 'by-hand': 'BY HAND' } as const;

function toText({ folder, report, reapplied, emails }: Done): string {
  const { lost, revocations, others, heldEmails } = report;
  const open = revocations.filter(({ result }) => result === undefined);
  const byHand = revocations.filter((one) => one.byHand !== undefined);
  return [
    lost.count === 0
      ? nothingLost(folder)
      : `The database lost events of the audit log, from ${lost.first} to ${lost.last}: ${lost.count}. It was restored to an earlier time.`,
    ...(lost.segments.length === 0
      ? []
      : [
          `Segments of the archive that aren’t in its chain: ${lost.segments.map(({ segment, day }) => `${segment} (${day})`).join(', ')}.`,
        ]),
    ...(revocations.length === 0
      ? []
      : ['', formatTable(['when', 'event', 'works again', 'done'], revocations.map(toCells)), '']),
    ...new Set(byHand.map((one) => `${one.name}: ${one.byHand}`)),
    ...(Object.keys(others).length === 0
      ? []
      : [
          `Lost, and to be made again by the people concerned: ${Object.entries(others)
            .map(([name, count]) => `${name} ${count}`)
            .join(', ')}.`,
        ]),
    ...(reapplied === undefined
      ? []
      : [`Ended: sessions ${reapplied.sessions}, one-time links ${reapplied.links}. Everyone signs in again.`]),
    ...(open.length === 0 ? [] : [`Works again: ${open.length}. To end it: patient-access after-restore --reapply`]),
    ...(emails === undefined ? [] : [`Emails handled: ${emails}.`]),
    ...(heldEmails === 0
      ? []
      : [`Emails held back, which may have been sent before: ${heldEmails}. Use --emails send or --emails discard.`]),
  ].join('\n');
}

const nothingLost = (folder: string | undefined): string =>
  folder === undefined
    ? 'AUDIT_ARCHIVE_DIR isn’t set, so the command can’t tell what was lost. If you have a later copy of the database, use --database.'
    : 'No lost events were found.';

const toCells = ({ event, name, what, result }: LostRevocation): readonly string[] => [
  event.at,
  name,
  what,
  result === undefined ? '-' : RESULTS[result],
];
