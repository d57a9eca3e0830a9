import path from 'node:path';
import {
  type AuditVerification,
  archiveFolder,
  checkImportedDisclosedRecords,
  type ImportVerification,
  verifyAuditLog,
  verifyImportedEvents,
} from '../../audit/index.ts';
import { englishPlural as plural } from '../../i18n/index.ts';
import { OperatorError } from '../../kernel/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { AUDIT_VERIFY } from '../definitions/audit.ts';
import { withInstallation } from '../with-installation.ts';
import { parseDay } from './days.ts';

export async function verifyAuditCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof AUDIT_VERIFY>,
): Promise<number> {
  const since = values.since === undefined ? undefined : parseDay('since', values.since);
  const digest = values.digest?.toLowerCase();
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest))
    throw new OperatorError('--digest must have 64 hexadecimal digits, as "audit verify" prints it.');
  const { verification, imports, importedProblem } = await withInstallation(input, async ({ db, dataDir }) => {
    const folder =
      values.archive === undefined
        ? archiveFolder(input.config.auditArchiveDir, dataDir)
        : path.resolve(input.folder, values.archive);
    return {
      verification: await verifyAuditLog(db, { folder, since, digest }),
      imports: await verifyImportedEvents(db),
      importedProblem: await checkImportedDisclosedRecords(db),
    };
  });
  const problem = importedProblem === undefined ? [] : [`PROBLEM: events of imported practices: ${importedProblem}`];
  const text = [toText(verification), ...imports.map(describeImport), ...problem].join('\n');
  const imported = { imports: imports.map(importToJson), imported_problem: importedProblem ?? null };
  printResult(input, { ...toJson(verification), ...imported }, text);
  const isUnchanged =
    verification.problems.length === 0 && imports.every((one) => one.isUnchanged) && importedProblem === undefined;
  return isUnchanged && verification.hasDigest !== false ? 0 : 1;
}

const toJson = ({ segments, events, checked, archived, newest, problems, lost, hasDigest }: AuditVerification) => ({
  segments,
  events,
  checked_segments: checked,
  archived_segments: archived,
  newest: newest === undefined ? null : newest,
  ...(hasDigest === undefined ? {} : { has_digest: hasDigest }),
  problems: problems.map(({ segment, day, problem }) => ({ segment, day: day ?? null, problem })),
  lost_segments: lost.map(({ segment, day, accepted }) => ({ segment, day, accepted })),
});

function toText({ segments, events, checked, archived, newest, problems, lost, hasDigest }: AuditVerification): string {
  if (newest === undefined && problems.length === 0)
    return 'Nothing is sealed yet. The server seals each day (UTC) once it is over.';
  const counted = plural(segments, { one: '1 segment', other: `${segments} segments` });
  return [
    `The chain has ${counted} with ${events} events. Checked: the events of ${checked}, of which the archive has ${archived}.`,
    ...(newest === undefined
      ? []
      : [`Newest digest, of segment ${newest.segment} (until ${newest.day}): ${newest.digest}`]),
    ...(hasDigest === false ? ['The chain does NOT contain the digest that you gave.'] : []),
    ...problems.map(
      ({ segment, day, problem }) => `PROBLEM: segment ${segment}${day === undefined ? '' : ` (${day})`}: ${problem}`,
    ),
    ...describeLost(lost),
    problems.length === 0 && hasDigest !== false
      ? 'The audit log is as it was sealed.'
      : 'docs/audit-log.md explains each problem and what to do.',
  ].join('\n');
}

const importToJson = ({ importId, practiceId, importedAt, events, isUnchanged }: ImportVerification) => ({
  ...{ id: importId, practice: practiceId, at: importedAt, events, unchanged: isUnchanged },
});

const describeImport = ({ practiceId, importedAt, events, isUnchanged }: ImportVerification): string =>
  isUnchanged
    ? `Practice ${practiceId}, imported ${importedAt.toISOString()}: its ${events} events are as they were imported.`
    : `PROBLEM: practice ${practiceId}, imported ${importedAt.toISOString()}: its events were changed.`;

/** Says which segments only the archive has, and what that means. */
function describeLost(lost: AuditVerification['lost']): readonly string[] {
  const list = (accepted: boolean) =>
    lost
      .filter((one) => one.accepted === accepted)
      .map(({ segment, day }) => `${segment} (${day})`)
      .join(', ');
  const [known, unknown] = [list(true), list(false)];
  return [
    ...(known === '' ? [] : [`Lost in a restore, and only in the archive: segments ${known}.`]),
    ...(unknown === ''
      ? []
      : [
          `Only the archive has the segments ${unknown}. If the database was restored to an earlier time, run "patient-access after-restore". Otherwise someone removed them from the database.`,
        ]),
  ];
}
