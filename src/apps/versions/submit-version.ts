import type { Executor } from '../../database/index.ts';
import type { App, AppTerms } from '../../domain/index.ts';
import { type AccountId, days, later, minutes, Problem } from '../../kernel/index.ts';
import { appendAppEvent } from '../app-events.ts';
import { findAppLogo, saveAppLogo } from '../app-logo.ts';
import { changeAppState } from '../change-app-state.ts';
import { overwriteAppTerms, type RegistryDeps } from '../register.ts';
import { verificationDeadline } from '../review/business-days.ts';
import { fieldsNeedingReview, REVIEWED_FIELDS, type ReviewedField, withFields } from './reviewed-fields.ts';
import type { AppLogo, AppVersion } from './version.ts';
import {
  countVersions,
  findPendingVersion,
  findVersionLogo,
  insertVersion,
  updateVersion,
  updateVersionLogo,
} from './version-store.ts';

export interface SubmitVersionDeps extends RegistryDeps {
  /**
   * Redirect URIs of this server's own API explorer and Swagger UI. A provisional app may add or
   * remove these without a review. Empty where no one tries out an app.
   */
  readonly toolRedirects: readonly string[];
}

export interface VersionSubmission {
  /** The terms that the developer wants for the app. */
  readonly wanted: AppTerms;
  /** The new logo. null removes the logo. undefined keeps the logo of the pending version, or else the current one. */
  readonly logo?: AppLogo | null | undefined;
  /** The account that submits. undefined for an app that manages itself or an operator at the command line. */
  readonly by: AccountId | undefined;
  /** The party that the app's history names as the submitter. Default: the developer. */
  readonly side?: EventSide;
}

export type EventSide = 'developer' | 'operator' | 'server';

export interface SubmissionResult {
  /** Names of the changed fields that wait for a review. All other changes are in effect already. */
  readonly waits: readonly (ReviewedField | 'logo')[];
  /** Number of the new version. undefined if no new version was needed. */
  readonly version: number | undefined;
}

/**
 * Milliseconds after a submission during which an uploaded logo becomes part of the submitted
 * version, unless a reviewer may already have acted on that version. A later upload is a submission
 * of its own.
 */
const LOGO_GRACE_PERIOD = minutes(2);
/**
 * Maximum number of versions of one app per day. Each version is stored and may be reviewed. Apps
 * that belong to no organization have a lower limit, because anyone can register them.
 */
const MAX_VERSIONS_PER_DAY = { ofOrganisation: 30, ofNobody: 10 };

/**
 * Submits the terms that a developer wants for an app. On an approved app the fields that need a
 * review wait in a version, and the app keeps the approved values of these fields. On an app that
 * isn't approved yet all terms take effect at once and wait for approval as a whole. Throws
 * `conflict` for a retired app, and `too-many-attempts` at the daily limit. `tx` must hold the
 * app's lock.
 * @param app current state of the app
 */
export async function submitVersion(
  tx: Executor,
  deps: SubmitVersionDeps,
  app: App,
  given: VersionSubmission,
): Promise<SubmissionResult> {
  if (app.state === 'retired') throw retired();
  const open = await findPendingVersion(tx, app.clientId);
  return app.state === 'active' || app.state === 'suspended'
    ? changeApproved(tx, deps, app, open, given)
    : changeUnapproved(tx, deps, app, open, given);
}

async function changeApproved(
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  open: AppVersion | undefined,
  given: VersionSubmission,
): Promise<SubmissionResult> {
  const { wanted, logo } = given;
  const fields = fieldsNeedingReview(app, wanted);
  await overwriteAppTerms(tx, app.clientId, withFields(wanted, app, fields));
  if (logo === null) await saveAppLogo(tx, app.clientId, undefined);
  const image = await resolveLogo(tx, app, open, logo);
  const waits = image.waits ? [...fields, 'logo' as const] : fields;
  if (waits.length === 0) {
    if (open !== undefined) await closeVersion(tx, deps, open, 'withdrawn', given);
    return { waits, version: undefined };
  }
  if (open !== undefined && logo === undefined && hasSameReviewedFields(open.terms, wanted)) {
    await updateUnreviewedFields(tx, open, wanted);
    return { waits, version: undefined };
  }
  return { waits, version: await createVersion(tx, deps, app, open, { ...given, picture: image.bytes }) };
}

async function changeUnapproved(
  tx: Executor,
  deps: SubmitVersionDeps,
  app: App,
  open: AppVersion | undefined,
  given: VersionSubmission,
): Promise<SubmissionResult> {
  const { wanted, logo, by } = given;
  await overwriteAppTerms(tx, app.clientId, wanted);
  if (logo !== undefined) await saveAppLogo(tx, app.clientId, logo ?? undefined);
  if (app.state === 'rejected') await changeAppState(tx, deps.clock, app.clientId, 'provisional');
  // After a developer withdraws a version, a change that only adds or removes redirect URIs of the
  // API explorer or Swagger UI creates no new version: the developer tries the app out, and doesn't
  // ask for a review.
  if (open === undefined && app.state === 'provisional' && logo === undefined && changesOnlyTools(deps, app, wanted))
    return { waits: [], version: undefined };
  if (open !== undefined && differsOnlyInTools(deps, open.terms, wanted)) {
    if (logo === undefined) {
      await updateUnreviewedFields(tx, open, wanted);
      return { waits: [], version: undefined };
    }
    if (isSameSubmission(deps, open, by)) {
      await updateVersionLogo(tx, open, logo ?? undefined);
      return { waits: [], version: undefined };
    }
  }
  const image = await findAppLogo(tx, app.clientId);
  return { waits: [], version: await createVersion(tx, deps, app, open, { ...given, picture: image }) };
}

/**
 * Updates those fields of the pending version that need no review. The version keeps the practices
 * that the first of two approvers chose.
 */
const updateUnreviewedFields = (tx: Executor, open: AppVersion, wanted: AppTerms): Promise<void> =>
  updateVersion(tx, { ...open, terms: { ...wanted, practiceIds: open.terms.practiceIds } });

const isSameSubmission = ({ clock }: RegistryDeps, open: AppVersion, by: VersionSubmission['by']): boolean =>
  open.state === 'waiting' &&
  open.askedAt === undefined &&
  open.submittedBy === by &&
  open.submittedAt > later(clock.now(), -LOGO_GRACE_PERIOD);

/** Returns the logo that the app would have after the submission, and whether it differs from the current logo. */
async function resolveLogo(tx: Executor, app: App, open: AppVersion | undefined, logo: VersionSubmission['logo']) {
  if (logo === null) return { bytes: undefined, waits: false };
  const now = await findAppLogo(tx, app.clientId);
  const wanted = logo ?? (open === undefined ? now : await findVersionLogo(tx, app.clientId, open.version));
  const waits = wanted !== undefined && !(now?.bytes.equals(wanted.bytes) ?? false);
  return { bytes: wanted, waits };
}

async function createVersion(
  tx: Executor,
  deps: RegistryDeps,
  { clientId, organisationId }: App,
  open: AppVersion | undefined,
  { wanted, picture, by, side: bySide = 'developer' }: VersionSubmission & { readonly picture: AppLogo | undefined },
): Promise<number> {
  const now = deps.clock.now();
  const limit = organisationId === undefined ? MAX_VERSIONS_PER_DAY.ofNobody : MAX_VERSIONS_PER_DAY.ofOrganisation;
  if ((await countVersions(tx, clientId, later(now, -days(1)))) >= limit) throw tooManyVersions(limit);
  if (open !== undefined) await closeVersion(tx, deps, open, 'replaced', { by });
  const made = { clientId, terms: wanted, logo: picture, submittedBy: by, submittedAt: now };
  const version = await insertVersion(tx, { ...made, verifyBy: verificationDeadline(now) });
  await appendAppEvent(tx, deps, { clientId, kind: 'submitted', bySide, accountId: by, version });
  return version;
}

/**
 * Closes a version that its developer withdraws or replaces. Only a withdrawal adds an event to the
 * history: a replacement is reported by the event of the new version.
 */
async function closeVersion(
  tx: Executor,
  deps: RegistryDeps,
  open: AppVersion,
  state: 'withdrawn' | 'replaced',
  { by, side: bySide = 'developer' }: Pick<VersionSubmission, 'by' | 'side'>,
): Promise<void> {
  await updateVersion(tx, { ...open, state, askedAt: undefined, decidedAt: deps.clock.now(), decidedBy: by });
  // A closed version is never reviewed, so its logo is no longer stored.
  await updateVersionLogo(tx, open, undefined);
  if (state === 'replaced') return;
  const { clientId, version } = open;
  await appendAppEvent(tx, deps, { clientId, kind: 'withdrawn', bySide, accountId: by, version });
}

/**
 * Withdraws the pending version of an app. `tx` must hold the app's lock.
 * @returns whether the app had a pending version
 */
export async function withdrawVersion(
  tx: Executor,
  deps: RegistryDeps,
  clientId: string,
  by: AccountId | undefined,
): Promise<boolean> {
  const open = await findPendingVersion(tx, clientId);
  if (open !== undefined) await closeVersion(tx, deps, open, 'withdrawn', { by });
  return open !== undefined;
}

/**
 * Creates the first version of a newly registered app.
 * @returns the number of the version
 */
export const submitFirstVersion = (
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  by: AccountId | undefined,
  side: EventSide = 'developer',
): Promise<number> => createVersion(tx, deps, app, undefined, { wanted: app, by, side, picture: undefined });

/** Returns whether two sets of terms agree in all fields that need a review: neither set adds a value to the other. */
const hasSameReviewedFields = (one: AppTerms, other: AppTerms): boolean =>
  fieldsNeedingReview(one, other).length === 0 && fieldsNeedingReview(other, one).length === 0;

/**
 * Returns whether two sets of terms agree except for redirect URIs of this server's API explorer
 * and Swagger UI, which need no review.
 */
function differsOnlyInTools({ toolRedirects }: SubmitVersionDeps, one: AppTerms, other: AppTerms): boolean {
  const without = (terms: AppTerms): AppTerms => ({
    ...terms,
    redirectUris: terms.redirectUris.filter((uri) => !toolRedirects.includes(uri)),
  });
  return hasSameReviewedFields(without(one), without(other));
}

const changesOnlyTools = (deps: SubmitVersionDeps, app: AppTerms, wanted: AppTerms): boolean =>
  differsOnlyInTools(deps, app, wanted) && !hasSameReviewedFields(app, wanted);

/**
 * Returns the names of the `REVIEWED_FIELDS` in which two sets of terms differ. A value that only
 * one of the two sets has counts as a difference, whichever set has it.
 */
export const differingFields = (one: AppTerms, other: AppTerms): readonly ReviewedField[] => {
  const either = [...fieldsNeedingReview(one, other), ...fieldsNeedingReview(other, one)];
  return REVIEWED_FIELDS.filter((field) => either.includes(field));
};

const tooManyVersions = (limit: number): Problem =>
  new Problem('too-many-attempts', {
    status: 429,
    message: `You can submit at most ${limit} versions of an app per day. Combine your changes and submit them tomorrow.`,
    retryAfter: days(1) / 1000,
  });

const retired = (): Problem =>
  new Problem('conflict', {
    status: 409,
    message: 'This app is permanently retired. Register a new app.',
  });
