import { findNewestSegment, listAuditProblems, readSealState } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import { days } from '../../kernel/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/** Milliseconds after which an event of the audit log should be sealed. Days are sealed on the next night. */
const LATE = days(3);

/**
 * Checks whether the audit log is sealed and archived, and what the last checks of the server found. The command
 * `audit verify` reads the events again.
 * @param folder folder of the archive; undefined if there is none
 */
export async function checkAudit(
  db: Executor,
  folder: string | undefined,
  now: Date,
): Promise<readonly DoctorFinding[]> {
  const { segments, archived, problems, unsealedSince } = await readSealState(db);
  const [first] = problems === 0 ? [] : await listAuditProblems(db);
  if (first !== undefined)
    return [
      errorFinding(
        'audit',
        `segments of the audit log that aren’t as they were sealed: ${problems}. The first is segment ${first.segment}${first.day === undefined ? '' : ` (${first.day})`}: ${first.problem}.`,
        'Treat it as a security incident. Run "patient-access audit verify", and read docs/audit-log.md.',
      ),
    ];
  if (unsealedSince !== undefined && now.getTime() - unsealedSince.getTime() > LATE)
    return [
      warningFinding(
        'audit',
        `the audit log isn’t sealed since ${unsealedSince.toISOString()}.`,
        'A running server seals it every night. The log has the reason as failedJob of the queue audit-archive.',
      ),
    ];
  const newest = await findNewestSegment(db);
  if (newest === undefined) return [okFinding('audit', 'no day of the audit log is sealed yet')];
  if (folder !== undefined && archived < segments)
    return [
      warningFinding(
        'audit',
        `segments that aren’t in the archive ${folder}: ${segments - archived} of ${segments}.`,
        'A running server archives them every night. The log has the reason as failedJob of the queue audit-archive.',
      ),
    ];
  const where = folder === undefined ? 'not archived (AUDIT_ARCHIVE_DIR)' : `archived in ${folder}`;
  return [okFinding('audit', `segments: ${segments}, ${where}; newest digest ${newest.digest}`)];
}
