import { hasNamedScope, resourceScopes } from '../../access/index.ts';
import type { AccessibleRecord, SessionUser } from '../../domain/index.ts';
import { toSingleLine } from '../../kernel/index.ts';
import type { SelectableRecords } from '../ports.ts';
import type { AuthorizationRequest } from './check-request.ts';
import { PersonProblem } from './person-problem.ts';
import { RedirectableProblem } from './redirect-uri.ts';

/** The record that the request is about: determined (possibly none), or still to be chosen by the person. */
export type RecordSelection =
  | { readonly kind: 'settled'; readonly record: AccessibleRecord | undefined }
  | { readonly kind: 'choice'; readonly records: readonly AccessibleRecord[] };

/**
 * Throws `access_denied` unless patients use patient apps and staff use staff apps, and the person is the one who
 * launched the app.
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
 * Determines the records that the person can choose from.
 * @param searchText search text of a staff member
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
 * Puts names on one line and limits their length, since they are shown within a line of the page and of the receipt.
 */
const withPlainName = (record: AccessibleRecord): AccessibleRecord => ({
  ...record,
  personName: toSingleLine(record.personName, MAX_NAME_LENGTH),
});
export const MAX_NAME_LENGTH = 120;

/** A provisional app can only reach sandbox practices. */
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
        ? 'This account has no record to share.'
        : 'This app is provisional: until it is approved it can reach sandbox patients only.';
    throw new RedirectableProblem(authorization.redirect, authorization.state, 'access_denied', message);
  }
  return others.length === 0 ? { kind: 'settled', record: only } : { kind: 'choice', records: reachable };
}

/** An EHR launch determines the record. The person who launched must still be allowed to open it. */
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
  const message = 'The app may not reach the patient it was launched for.';
  throw new RedirectableProblem(authorization.redirect, authorization.state, 'access_denied', message);
}

/** SMART App Launch 2.2 §3.0.2.1: patient scopes need a patient in context. */
const needsPatient = ({ scopes }: AuthorizationRequest): boolean =>
  hasNamedScope(scopes, 'launch/patient') || resourceScopes(scopes).some(({ context }) => context === 'patient');

/** Names of the practices that `user/` scopes apply to. Empty when no such scope was requested. */
export async function listRequestedPractices(
  records: SelectableRecords,
  authorization: AuthorizationRequest,
  user: SessionUser,
): Promise<readonly string[]> {
  if (!resourceScopes(authorization.scopes).some(({ context }) => context === 'user')) return [];
  const all = await records.listStaffPractices(user.accountId);
  return all.filter((practice) => mayReachRecord(authorization, practice)).map(({ practiceName }) => practiceName);
}
