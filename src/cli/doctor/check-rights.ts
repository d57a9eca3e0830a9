import { describeRole, type Executor } from '../../database/index.ts';
import { type DoctorFinding, okFinding, warningFinding } from './finding.ts';

/**
 * Checks what the server's database role may do. A role that lacks rights is an error of every command and of the
 * start, so this is about rights that it doesn't need.
 * @param folder data folder of the embedded database, which has one role; undefined for an external database
 */
export async function checkRights(db: Executor, folder: string | undefined): Promise<readonly DoctorFinding[]> {
  const role = folder === undefined ? await describeRole(db) : undefined;
  if (role === undefined) return [];
  const { name, isOwner, mayChangeAudit, mayCreateTables } = role;
  if (isOwner)
    return [
      okFinding(
        'rights',
        `the role ${name} owns the tables. With a second role for the server, it could only append to the audit log (docs/operating.md)`,
      ),
    ];
  const excess = [
    ...(mayChangeAudit ? ['change the audit log'] : []),
    ...(mayCreateTables ? ['create tables'] : []),
  ].join(' and ');
  return [
    excess === ''
      ? okFinding('rights', `the role ${name} can’t change the schema or the audit log`)
      : warningFinding(
          'rights',
          `the role ${name} can ${excess}.`,
          `Run the SQL that "patient-access migrate --grants ${name}" prints, and check what PUBLIC may do.`,
        ),
  ];
}
