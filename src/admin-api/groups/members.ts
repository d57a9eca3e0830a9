import type { Executor } from '../../database/index.ts';
import { changeGroupMembers, findNonMembers, type PatientGroup } from '../../fhir/index.ts';
import { Problem } from '../../kernel/index.ts';
import type { IssueCode } from '../../portal-api/index.ts';

/** Maximum number of patient ids in an error message. */
const MAX_NAMED = 5;

/**
 * Adds patients to a group, all or none. Throws `fields-invalid` for patients of another practice,
 * because every export would leave them out without notice.
 * @returns the number of new members
 */
export async function addPatients(
  tx: Executor,
  now: Date,
  group: Pick<PatientGroup, 'groupId' | 'practiceId'>,
  { field, patients }: { readonly field: string; readonly patients: readonly string[] },
): Promise<number> {
  if (patients.length === 0) return 0;
  const added = await changeGroupMembers(tx, now, group.groupId, 'add', patients);
  const missing = await findNonMembers(tx, group, patients);
  if (missing.length === 0) return added.length;
  const named = `${missing.slice(0, MAX_NAMED).join(', ')}${missing.length > MAX_NAMED ? ' …' : ''}`;
  const message = `The practice has no patients with these IDs: ${named}. Nothing was changed.`;
  throw fieldProblem(field, 'patients-unknown', message, { patients: named });
}

export const fieldProblem = (
  field: string,
  code: IssueCode,
  message: string,
  values?: Readonly<Record<string, string>>,
): Problem =>
  new Problem('fields-invalid', {
    status: 400,
    message: 'Some fields are not valid.',
    fieldErrors: [{ field, code, message, ...(values === undefined ? {} : { values }) }],
  });
