import { reportRestore } from '../../after-restore/index.ts';
import type { Executor } from '../../database/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/**
 * Checks whether the database was restored to an earlier time, and whether something that ended since works again.
 * @param folder folder of the archive of the audit log; undefined if there is none
 */
export async function checkRestore(db: Executor, folder: string | undefined): Promise<readonly DoctorFinding[]> {
  const { lost, revocations, heldEmails, isNoticed } = await reportRestore(db, { folder });
  const open = revocations.filter(({ result }) => result === undefined).length;
  const isUnhandled = open > 0 || isNoticed || lost.segments.length > 0;
  const findings = [
    ...(isUnhandled
      ? [
          errorFinding(
            'restore',
            `the database was restored to an earlier time: it lost events of the audit log from ${lost.first ?? 'an unknown time'} to ${lost.last ?? 'an unknown time'}. Revocations that aren’t in effect: ${open}.`,
            'See them with "patient-access after-restore", and repeat them with "patient-access after-restore --reapply" (docs/after-restore.md).',
          ),
        ]
      : []),
    ...(heldEmails > 0
      ? [
          warningFinding(
            'restore',
            `emails held back after a restore: ${heldEmails}. They may have been sent before.`,
            'Run "patient-access after-restore --emails send" or "--emails discard".',
          ),
        ]
      : []),
  ];
  return findings.length > 0 ? findings : [okFinding('restore', 'no events of the audit log were lost')];
}
