import { hasNamed, resourceScopes } from '../../access/index.ts';
import { plainLine } from '../../kernel/index.ts';
import type { Records, ShareableRecord, Visitor } from '../ports.ts';
import { PersonProblem } from './person-problem.ts';
import type { AuthorizationRequest } from './pipeline.ts';
import { RedirectableProblem } from './redirect.ts';

/** The record that the request is about: determined (possibly none), or still to be chosen by the person. */
export type Selectable =
  | { readonly kind: 'settled'; readonly record: ShareableRecord | undefined }
  | { readonly kind: 'choice'; readonly records: readonly ShareableRecord[] };

/**
 * Throws `access_denied` unless patients use patient apps and staff use staff apps, and the person is the one who
 * launched the app.
 */
export function requirePerson({ client, launch }: AuthorizationRequest, user: Visitor): void {
  if (client.kind !== user.kind) {
    throw new PersonProblem('access_denied', {
      status: 403,
      tell: ({ forStaff, forPatients }) => (client.kind === 'staff' ? forStaff : forPatients)(client.name),
    });
  }
  if (launch === undefined || launch.accountId === user.accountId) return;
  throw new PersonProblem('access_denied', {
    status: 403,
    tell: ({ launchedByAnother }) => launchedByAnother(client.name),
  });
}

/**
 * Determines the records that the person can choose from.
 * @param searchText search text of a staff member
 */
export async function selectable(
  records: Records,
  authorization: AuthorizationRequest,
  user: Visitor,
  searchText: string,
): Promise<Selectable> {
  if (authorization.client.kind === 'patient') {
    return ofPatient(authorization, (await records.ofAccount(user.accountId)).map(plainlyNamed));
  }
  if (authorization.launch !== undefined)
    return { kind: 'settled', record: await launched(records, authorization, user) };
  if (!needsPatient(authorization)) return { kind: 'settled', record: undefined };
  const found = await records.ofStaff(user.accountId, searchText);
  return { kind: 'choice', records: found.filter((record) => asksPatient(authorization, record)) };
}

/**
 * Puts names on one line and limits their length, since they are shown within a line of the page and of the receipt.
 */
const plainlyNamed = (record: ShareableRecord): ShareableRecord => ({
  ...record,
  personName: plainLine(record.personName, LONGEST_NAME),
});
export const LONGEST_NAME = 120;

/** A provisional app can only reach sandbox practices. */
export const asksPatient = (
  { client }: AuthorizationRequest,
  { practiceKind }: Pick<ShareableRecord, 'practiceKind'>,
): boolean => client.state === 'active' || practiceKind === 'sandbox';

function ofPatient(authorization: AuthorizationRequest, accessible: readonly ShareableRecord[]): Selectable {
  const reachable = accessible.filter((record) => asksPatient(authorization, record));
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
async function launched(
  records: Records,
  authorization: AuthorizationRequest,
  user: Visitor,
): Promise<ShareableRecord> {
  const record =
    authorization.launch === undefined
      ? undefined
      : await records.ofStaffById(user.accountId, authorization.launch.recordId);
  if (record !== undefined && asksPatient(authorization, record)) return record;
  const message = 'The app may not reach the patient it was launched for.';
  throw new RedirectableProblem(authorization.redirect, authorization.state, 'access_denied', message);
}

/** SMART App Launch 2.2 §3.0.2.1: patient scopes need a patient in context. */
const needsPatient = ({ scopes }: AuthorizationRequest): boolean =>
  hasNamed(scopes, 'launch/patient') || resourceScopes(scopes).some(({ context }) => context === 'patient');

/** Names of the practices that `user/` scopes apply to. Empty when no such scope was requested. */
export async function practicesAsked(
  records: Records,
  authorization: AuthorizationRequest,
  user: Visitor,
): Promise<readonly string[]> {
  if (!resourceScopes(authorization.scopes).some(({ context }) => context === 'user')) return [];
  const all = await records.practicesOfStaff(user.accountId);
  return all.filter((practice) => asksPatient(authorization, practice)).map(({ practiceName }) => practiceName);
}
