import { hasNamedScope, resourceScopes } from '../../access/index.ts';
import type { AccessibleRecord, SessionUser } from '../../domain/index.ts';
import { toSingleLine } from '../../kernel/index.ts';
import type { SelectableRecords } from '../ports.ts';
import type { AuthorizationRequest } from './check-request.ts';
import { PersonProblem } from './person-problem.ts';
import { RedirectableProblem } from './redirect-uri.ts';

/**
 * The record that the request is about. `settled` means that no choice is needed: there is one record, or the app needs
 * none. `choice` means that the person still has to choose.
 */
export type RecordSelection =
  | { readonly kind: 'settled'; readonly record: AccessibleRecord | undefined }
  | { readonly kind: 'choice'; readonly records: readonly AccessibleRecord[] };

/**
 * Throws `access_denied` if a patient opens a staff app, if a staff member opens a patient app, or if the app was
 * launched by someone other than the signed-in person.
 */
export function requireMatchingUser({ client, launch }: AuthorizationRequest, user: SessionUser): void {
  if (client.kind !== user.kind) {
    throw new PersonProblem('access_denied', {
      status: 403,
      message: ({ forStaff, forPatients }) => (client.kind === 'staff' ? forStaff : forPatients)(client.name),
    });
  }
  if (launch === undefined || launch.accountId === user.accountId) return;
  throw new PersonProblem('access_denied', {
    status: 403,
    message: ({ launchedByAnother }) => launchedByAnother(client.name),
  });
}

/**
 * Finds the records that the person can choose from.
 * @param searchText patient's name or birth date that a staff member searches for; empty for other people
 */
export async function findSelectableRecords(
  records: SelectableRecords,
  authorization: AuthorizationRequest,
  user: SessionUser,
  searchText: string,
): Promise<RecordSelection> {
  if (authorization.client.kind === 'patient') {
    return selectForPatient(authorization, (await records.listForAccount(user.accountId)).map(withPlainName));
  }
  if (authorization.launch !== undefined)
    return { kind: 'settled', record: await findLaunchedRecord(records, authorization, user) };
  if (!needsPatient(authorization)) return { kind: 'settled', record: undefined };
  const found = await records.searchForStaff(user.accountId, searchText);
  return { kind: 'choice', records: found.filter((record) => mayReachRecord(authorization, record)) };
}

/**
 * Puts the patient's name on one line and limits its length, since it is shown within a line of the page and of the
 * receipt.
 */
const withPlainName = (record: AccessibleRecord): AccessibleRecord => ({
  ...record,
  personName: toSingleLine(record.personName, MAX_NAME_LENGTH),
});
export const MAX_NAME_LENGTH = 120;

/**
 * Whether the app may reach the record. A provisional app, which isn't approved yet, can reach sandbox practices only.
 */
export const mayReachRecord = (
  { client }: AuthorizationRequest,
  { practiceKind }: Pick<AccessibleRecord, 'practiceKind'>,
): boolean => client.state === 'active' || practiceKind === 'sandbox';

function selectForPatient(
  authorization: AuthorizationRequest,
  accessible: readonly AccessibleRecord[],
): RecordSelection {
  const reachable = accessible.filter((record) => mayReachRecord(authorization, record));
  const [only, ...others] = reachable;
  if (only === undefined) {
    const message =
      accessible.length === 0
        ? 'This account has no patient record to share.'
        : 'This app is provisional. It can access sandbox patients only until it is approved.';
    throw new RedirectableProblem(authorization.redirect, authorization.state, 'access_denied', message);
  }
  return others.length === 0 ? { kind: 'settled', record: only } : { kind: 'choice', records: reachable };
}

/**
 * Finds the record that the EHR launch selected. Throws `access_denied` if the person may no longer open that record,
 * or if the app may not reach it.
 */
async function findLaunchedRecord(
  records: SelectableRecords,
  authorization: AuthorizationRequest,
  user: SessionUser,
): Promise<AccessibleRecord> {
  const record =
    authorization.launch === undefined
      ? undefined
      : await records.findForStaffById(user.accountId, authorization.launch.recordId);
  if (record !== undefined && mayReachRecord(authorization, record)) return record;
  const message = 'This app isn’t allowed to access the patient of this launch.';
  throw new RedirectableProblem(authorization.redirect, authorization.state, 'access_denied', message);
}

/**
 * Whether the request needs a patient in context: `launch/patient` and `patient/` scopes do. SMART App Launch 2.2
 * §3.0.2.1
 */
const needsPatient = ({ scopes }: AuthorizationRequest): boolean =>
  hasNamedScope(scopes, 'launch/patient') || resourceScopes(scopes).some(({ context }) => context === 'patient');

/** Lists the names of the practices that `user/` scopes apply to. Empty if no such scope was requested. */
export async function listRequestedPractices(
  records: SelectableRecords,
  authorization: AuthorizationRequest,
  user: SessionUser,
): Promise<readonly string[]> {
  if (!resourceScopes(authorization.scopes).some(({ context }) => context === 'user')) return [];
  const all = await records.listStaffPractices(user.accountId);
  return all.filter((practice) => mayReachRecord(authorization, practice)).map(({ practiceName }) => practiceName);
}
