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
export function requirePerson({ client, launch }: AuthorizationRequest, visitor: Visitor): void {
  if (client.kind !== visitor.kind) {
    throw new PersonProblem('access_denied', {
      status: 403,
      tell: ({ forStaff, forPatients }) => (client.kind === 'staff' ? forStaff : forPatients)(client.name),
    });
  }
  if (launch === undefined || launch.accountId === visitor.accountId) return;
  throw new PersonProblem('access_denied', {
    status: 403,
    tell: ({ launchedByAnother }) => launchedByAnother(client.name),
  });
}

/**
 * Determines the records that the person can choose from.
 * @param words search text of a staff member
 */
export async function selectable(
  records: Records,
  asked: AuthorizationRequest,
  visitor: Visitor,
  words: string,
): Promise<Selectable> {
  if (asked.client.kind === 'patient') {
    return ofPatient(asked, (await records.ofAccount(visitor.accountId)).map(plainlyNamed));
  }
  if (asked.launch !== undefined) return { kind: 'settled', record: await launched(records, asked, visitor) };
  if (!needsPatient(asked)) return { kind: 'settled', record: undefined };
  const found = await records.ofStaff(visitor.accountId, words);
  return { kind: 'choice', records: found.filter((record) => asksPatient(asked, record)) };
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

function ofPatient(asked: AuthorizationRequest, held: readonly ShareableRecord[]): Selectable {
  const reached = held.filter((record) => asksPatient(asked, record));
  const [only, ...others] = reached;
  if (only === undefined) {
    const message =
      held.length === 0
        ? 'This account has no record to share.'
        : 'This app is provisional: until it is approved it can reach sandbox patients only.';
    throw new RedirectableProblem(asked.redirect, asked.state, 'access_denied', message);
  }
  return others.length === 0 ? { kind: 'settled', record: only } : { kind: 'choice', records: reached };
}

/** An EHR launch determines the record. The person who launched must still be allowed to open it. */
async function launched(records: Records, asked: AuthorizationRequest, visitor: Visitor): Promise<ShareableRecord> {
  const record =
    asked.launch === undefined ? undefined : await records.ofStaffById(visitor.accountId, asked.launch.recordId);
  if (record !== undefined && asksPatient(asked, record)) return record;
  const message = 'The app may not reach the patient it was launched for.';
  throw new RedirectableProblem(asked.redirect, asked.state, 'access_denied', message);
}

/** SMART App Launch 2.2 §3.0.2.1: patient scopes need a patient in context. */
const needsPatient = ({ scopes }: AuthorizationRequest): boolean =>
  hasNamed(scopes, 'launch/patient') || resourceScopes(scopes).some(({ context }) => context === 'patient');

/** Names of the practices that `user/` scopes apply to. Empty when no such scope was requested. */
export async function practicesAsked(
  records: Records,
  asked: AuthorizationRequest,
  visitor: Visitor,
): Promise<readonly string[]> {
  if (!resourceScopes(asked.scopes).some(({ context }) => context === 'user')) return [];
  const all = await records.practicesOfStaff(visitor.accountId);
  return all.filter((practice) => asksPatient(asked, practice)).map(({ practiceName }) => practiceName);
}
