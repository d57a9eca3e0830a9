import {
  appendAppEvent,
  approveAutomatically,
  findOrganisation,
  lockApp,
  registerApp,
  requireRoomForApp,
  submitFirstVersion,
} from '../../apps/index.ts';
import type { Executor } from '../../database/index.ts';
import { type AccountId, type ClientId, days, later } from '../../kernel/index.ts';
import { lockMemberRole, type NewAppRequest, type OrganisationAccess } from '../../portal-api/index.ts';
import type { SubmissionDeps } from '../deps.ts';
import { assertNoIssues, checkDraft } from './check-draft.ts';
import { defaultPractices } from './default-practices.ts';
import { draftToTerms } from './draft.ts';

export interface NewlyRegisteredApp {
  readonly clientId: ClientId;
  readonly clientSecret: string | undefined;
}

/** The developer who registers an app, and the audit log of the space that the app belongs to. */
interface RegistrationActor extends Pick<OrganisationAccess, 'membership' | 'audit'> {
  readonly by: AccountId;
  readonly requestId: string;
}

/**
 * Returns when a new secret expires; undefined if never.
 * @param validDays validity in days; null or undefined for a secret that doesn't expire
 */
export const expirationDate = (now: Date, validDays: number | null | undefined): Date | undefined =>
  validDays === null || validDays === undefined ? undefined : later(now, days(validDays));

/**
 * Registers a provisional app of an organization and submits its first version. Throws
 * `fields-invalid` if the draft has errors, and `conflict` if the organization has too many apps.
 */
export async function registerOrganisationApp(
  tx: Executor,
  deps: SubmissionDeps,
  { draft, secretDays }: NewAppRequest,
  { membership, by, requestId, audit }: RegistrationActor,
): Promise<NewlyRegisteredApp> {
  const { organisationId } = membership;
  await requireRoomForApp(tx, organisationId);
  await lockMemberRole(tx, membership, by, 'developer');
  const organisation = await findOrganisation(tx, organisationId);
  const { name: developer = null, verifiedAt = null } = organisation ?? {};
  const given = { ...(await defaultPractices(tx, draft)), developer, verifiedAt };
  assertNoIssues(await checkDraft(tx, draft, given, deps));
  const secret = { expiresAt: expirationDate(deps.clock.now(), secretDays) };
  const terms = draftToTerms(draft, given);
  const made = await registerApp(tx, deps, { ...terms, state: 'provisional', organisationId, secret });
  const { clientId } = made;
  const app = await lockApp(tx, deps.clock, clientId);
  await appendAppEvent(tx, deps, { clientId, kind: 'registered', bySide: 'developer', accountId: by });
  await submitFirstVersion(tx, deps, app, by);
  await approveAutomatically(tx, deps, app);
  const detail = { action: 'register', organisationId };
  await audit.appendInTransaction(tx, {
    kind: 'app',
    outcome: 'success',
    requestId,
    accountId: by,
    clientId,
    detail,
  });
  return { clientId, clientSecret: made.clientSecret };
}
