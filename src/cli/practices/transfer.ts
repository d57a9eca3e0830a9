import path from 'node:path';
import { createAuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { projections, refreshIndex, refreshProjections } from '../../fhir/index.ts';
import { englishPlural as plural } from '../../i18n/index.ts';
import { systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import {
  countPractice,
  exportPractice,
  importPractice,
  type RemovedPractice,
  removePractice,
} from '../../practice-transfer/index.ts';
import { findPracticeByName } from '../../practices/index.ts';
import { announceToAdministrators } from '../announce.ts';
import { UsageError } from '../arguments.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { PRACTICES_EXPORT, PRACTICES_IMPORT, PRACTICES_REMOVE } from '../definitions/practice-transfer.ts';
import { withInstallation } from '../with-installation.ts';

const openAudit = (db: Executor) => createAuditLog({ db, clock, random });

export async function exportPracticeCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof PRACTICES_EXPORT>,
): Promise<number> {
  const [name, given] = positionals;
  const folder = path.resolve(input.folder, given);
  const signal = input.stopSignal();
  const { manifest, digest } = await withInstallation(input, async ({ db, encryption }) => {
    const { practiceId } = await findPracticeByName(db, name);
    const onProgress = showProgress(input);
    const made = await exportPractice(db, practiceId, folder, { onProgress, signal }).catch(
      rethrowStop(signal, 'Stopped. Nothing was exported.'),
    );
    const { rows, audit } = made.manifest;
    await db.transaction(async (tx) => {
      await openAudit(db).appendInTransaction(tx, {
        kind: 'practice',
        outcome: 'success',
        detail: {
          ...{ action: 'export', practice: practiceId, by: 'command line' },
          ...{ patients: rows['record'] ?? 0, events: audit.events, manifest: made.digest },
        },
      });
      await announceToAdministrators(tx, input, { encryption }, { action: 'export-practice', subject: name });
    });
    return made;
  });
  const { rows, audit, files } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  printResult(
    input,
    { folder, practice: manifest.practice, at: manifest.at, rows, audit_events: audit.events, bytes, manifest: digest },
    [
      `Exported ${manifest.practice.name} as of ${manifest.at} into ${folder}: ${countPatients(rows['record'] ?? 0)}, ${countResources(rows)}, ${audit.events} audit events, ${Math.ceil(bytes / 1e6)} MB.`,
      `SHA-256 of the manifest: ${digest}`,
      'The folder contains health data. docs/practice-export.md describes its files.',
    ].join('\n'),
  );
  return 0;
}

export async function importPracticeCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof PRACTICES_IMPORT>,
): Promise<number> {
  const folder = path.resolve(input.folder, positionals[0]);
  const signal = input.stopSignal();
  const imported = await withInstallation(input, async ({ db }) => {
    const onProgress = showProgress(input);
    const options = { clock, random, audit: openAudit(db), name: values.name, onProgress, signal };
    await openAudit(db).ready();
    const made = await importPractice(db, folder, options).catch(rethrowStop(signal, 'Stopped. Nothing was imported.'));
    // A running server would do it too, within a minute.
    input.remark('Indexing the records.');
    const stopped = () => signal.aborted;
    await refreshIndex(db, { stopped });
    await refreshProjections(db, { projections, stopped });
    return made;
  });
  const { practiceId, name, rows, events, kept, suspendedApps, renamed } = imported;
  const taken = Object.entries(renamed);
  printResult(
    input,
    {
      ...{ practice: practiceId, name, rows, audit_events: events, kept_accounts: kept.accounts, kept_apps: kept.apps },
      ...{ suspended_apps: suspendedApps, renamed_accounts: renamed },
    },
    [
      `Imported ${name} as practice ${practiceId}: ${countPatients(rows['record'] ?? 0)}, ${countResources(rows)}, ${events} audit events.`,
      ...(suspendedApps.length > 0
        ? [`Added as suspended, until you run "apps set-state CLIENT_ID active": ${suspendedApps.join(', ')}`]
        : []),
      ...taken.map(([before, after]) => `The username ${before} was taken here: the account is now ${after}.`),
      'People choose a new password: with "Forgot password?", or a link from the practice.',
    ].join('\n'),
  );
  return 0;
}

export async function removePracticeCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof PRACTICES_REMOVE>,
): Promise<number> {
  const [name] = positionals;
  const { reason, confirm } = values;
  const isDryRun = values['dry-run'];
  if (!isDryRun && (reason === undefined || reason.trim() === ''))
    throw new UsageError('Say why the practice is removed, with --reason.');
  if (!isDryRun && confirm !== name)
    throw new UsageError(`This deletes all records of the practice. Repeat its name with --confirm "${name}".`);
  const removed = await withInstallation(input, async ({ db, encryption }) => {
    const { practiceId } = await findPracticeByName(db, name);
    if (isDryRun) return countPractice(db, practiceId);
    const audit = openAudit(db);
    await audit.ready();
    const onProgress = showProgress(input);
    const announcement = { action: 'remove-practice', subject: name, reason } as const;
    return removePractice(db, practiceId, {
      ...{ clock, audit, reason: reason ?? '' },
      onBegin: (tx) => announceToAdministrators(tx, input, { encryption }, announcement),
      onProgress: (records) => onProgress('record', records),
    });
  });
  const result = { practice: name, dry_run: isDryRun, rows: removed.rows, closed_accounts: removed.accounts };
  printResult(input, result, isDryRun ? dryRunText(name, removed) : removedText(name, removed));
  return 0;
}

const removedText = (name: string, { rows, accounts }: RemovedPractice): string =>
  `Removed ${name}: ${countPatients(rows['record'] ?? 0)}, ${countResources(rows)}. Closed ${countAccounts(accounts)}. The audit log keeps its events. Backups still contain the practice.`;

function dryRunText(name: string, { rows, accounts }: RemovedPractice): string {
  const table = formatTable(
    ['rows', 'table'],
    Object.entries(rows).map(([table, count]) => [String(count), table]),
  );
  return `${table}\n\nNothing was removed. Removing ${name} would delete these rows and what the server made of them, and close ${countAccounts(accounts)}.`;
}

const countPatients = (count: number): string =>
  plural(count, { one: '1 patient record', other: `${count} patient records` });
const countAccounts = (count: number): string => plural(count, { one: '1 account', other: `${count} accounts` });
const countResources = (rows: Readonly<Record<string, number>>): string => {
  const count = (rows['resource'] ?? 0) + (rows['shared_resource'] ?? 0);
  return plural(count, { one: '1 resource', other: `${count} resources` });
};

/** Milliseconds between two lines about progress. */
const LINE_INTERVAL = 5000;

/** Returns a function that says every few seconds how many rows of a table are done. */
function showProgress(input: CommandInput): (part: string, rows: number) => void {
  let last = performance.now();
  return (part, rows) => {
    const now = performance.now();
    if (now - last < LINE_INTERVAL) return;
    last = now;
    input.remark(`${part}: ${rows}`);
  };
}

/** Says that a command was stopped, instead of the error of the signal. */
const rethrowStop =
  (signal: AbortSignal, message: string) =>
  (error: unknown): never => {
    throw signal.aborted ? new OperatorError(message) : error;
  };
