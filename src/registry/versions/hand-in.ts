import type { Executor } from '../../database/index.ts';
import { type AccountId, days, later, minutes, Problem } from '../../kernel/index.ts';
import type { App, AppTerms } from '../app.ts';
import { findAppLogo, keepAppLogo } from '../app-logo.ts';
import { recordAppEvent } from '../events.ts';
import { type RegistryDeps, rewriteApp } from '../register.ts';
import { submissionClock } from '../review/business-days.ts';
import { changeAppState } from '../state.ts';
import { REVIEWED, type ReviewedField, waitingFields, withFields } from './matters.ts';
import { countVersions, findOpenVersion, insertVersion, keepVersion, keepVersionLogo, versionLogo } from './store.ts';
import type { AppLogo, AppVersion } from './version.ts';

export interface HandedIn {
  /** The app as it should become. */
  readonly wanted: AppTerms;
  /** null removes the logo; undefined keeps the current one, or that of the pending version. */
  readonly logo?: AppLogo | null | undefined;
  /** undefined for an app that manages itself or an operator at the command line. */
  readonly by: AccountId | undefined;
  /** Side that the history names. Default: developer. */
  readonly side?: Side;
}

export type Side = 'developer' | 'operator' | 'server';

export interface Outcome {
  /** Fields that wait for a review. All other changes are already in effect. */
  readonly waits: readonly (ReviewedField | 'logo')[];
  /** The new version; undefined if none was needed. */
  readonly version: number | undefined;
}

/**
 * A logo uploaded within this time after a submission joins the submitted version, unless a reviewer
 * may already have acted on it.
 */
const SAME_ACT = minutes(2);
/**
 * Versions of one app per day. Each is stored and may be reviewed, and anyone can create an app that
 * registers itself.
 */
const MOST_A_DAY = { ofOrganisation: 30, ofNobody: 10 };

/**
 * Submits the terms that a developer wants for an app. For an approved app the reviewed fields wait in
 * a version while the app keeps its approved ones; for an app that isn't approved yet everything takes
 * effect at once and waits for approval as a whole. Throws `conflict` for a retired app,
 * `too-many-attempts` at the daily limit. `tx` must hold the app's lock. @param app current state
 */
export async function handIn(tx: Executor, deps: RegistryDeps, app: App, given: HandedIn): Promise<Outcome> {
  if (app.state === 'retired') throw retired();
  const open = await findOpenVersion(tx, app.clientId);
  return app.state === 'active' || app.state === 'suspended'
    ? changeWorking(tx, deps, app, open, given)
    : changeProvisional(tx, deps, app, open, given);
}

async function changeWorking(
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  open: AppVersion | undefined,
  given: HandedIn,
): Promise<Outcome> {
  const { wanted, logo } = given;
  const fields = waitingFields(app, wanted);
  await rewriteApp(tx, app.clientId, withFields(wanted, app, fields));
  if (logo === null) await keepAppLogo(tx, app.clientId, undefined);
  const image = await pictureOf(tx, app, open, logo);
  const waits = image.waits ? [...fields, 'logo' as const] : fields;
  if (waits.length === 0) {
    if (open !== undefined) await close(tx, deps, open, 'withdrawn', given);
    return { waits, version: undefined };
  }
  if (open !== undefined && logo === undefined && isSameReviewed(open.terms, wanted)) {
    await refresh(tx, open, wanted);
    return { waits, version: undefined };
  }
  return { waits, version: await submit(tx, deps, app, open, { ...given, picture: image.bytes }) };
}

async function changeProvisional(
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  open: AppVersion | undefined,
  given: HandedIn,
): Promise<Outcome> {
  const { wanted, logo, by } = given;
  await rewriteApp(tx, app.clientId, wanted);
  if (logo !== undefined) await keepAppLogo(tx, app.clientId, logo ?? undefined);
  if (app.state === 'rejected') await changeAppState(tx, deps.clock, app.clientId, 'provisional');
  // A withdrawn app stays withdrawn until it is submitted again. Adding a redirect URI of our own tools
  // to try it out is not a submission.
  if (open === undefined && app.state === 'provisional' && logo === undefined && changesToolsAlone(deps, app, wanted))
    return { waits: [], version: undefined };
  if (open !== undefined && isSameButForTools(deps, open.terms, wanted)) {
    if (logo === undefined) {
      await refresh(tx, open, wanted);
      return { waits: [], version: undefined };
    }
    if (isSameAct(deps, open, by)) {
      await keepVersionLogo(tx, open, logo ?? undefined);
      return { waits: [], version: undefined };
    }
  }
  const image = await findAppLogo(tx, app.clientId);
  return { waits: [], version: await submit(tx, deps, app, open, { ...given, picture: image }) };
}

/**
 * Updates the fields of the pending version that need no review. The practices that the first of two
 * approvers chose stay with the version.
 */
const refresh = (tx: Executor, open: AppVersion, wanted: AppTerms): Promise<void> =>
  keepVersion(tx, { ...open, terms: { ...wanted, practiceIds: open.terms.practiceIds } });

const isSameAct = ({ clock }: RegistryDeps, open: AppVersion, by: HandedIn['by']): boolean =>
  open.state === 'waiting' &&
  open.askedAt === undefined &&
  open.submittedBy === by &&
  open.submittedAt > later(clock.now(), -SAME_ACT);

/** The logo that the app would have, and whether it differs from the current one. */
async function pictureOf(tx: Executor, app: App, open: AppVersion | undefined, logo: HandedIn['logo']) {
  if (logo === null) return { bytes: undefined, waits: false };
  const now = await findAppLogo(tx, app.clientId);
  const wanted = logo ?? (open === undefined ? now : await versionLogo(tx, app.clientId, open.version));
  const waits = wanted !== undefined && !(now?.bytes.equals(wanted.bytes) ?? false);
  return { bytes: wanted, waits };
}

async function submit(
  tx: Executor,
  deps: RegistryDeps,
  { clientId, organisationId }: App,
  open: AppVersion | undefined,
  { wanted, picture, by, side: bySide = 'developer' }: HandedIn & { readonly picture: AppLogo | undefined },
): Promise<number> {
  const now = deps.clock.now();
  const most = organisationId === undefined ? MOST_A_DAY.ofNobody : MOST_A_DAY.ofOrganisation;
  if ((await countVersions(tx, clientId, later(now, -days(1)))) >= most) throw tooMany(most);
  if (open !== undefined) await close(tx, deps, open, 'replaced', { by });
  const made = { clientId, terms: wanted, logo: picture, submittedBy: by, submittedAt: now };
  const version = await insertVersion(tx, { ...made, verifyBy: submissionClock(now) });
  await recordAppEvent(tx, deps, { clientId, kind: 'submitted', bySide, accountId: by, version });
  return version;
}

/**
 * Closes a version that its developer withdraws or replaces. A replacement is reported by the event of
 * the new version.
 */
async function close(
  tx: Executor,
  deps: RegistryDeps,
  open: AppVersion,
  state: 'withdrawn' | 'replaced',
  { by, side: bySide = 'developer' }: Pick<HandedIn, 'by' | 'side'>,
): Promise<void> {
  await keepVersion(tx, { ...open, state, askedAt: undefined, decidedAt: deps.clock.now(), decidedBy: by });
  // No decision needs the logo any more.
  await keepVersionLogo(tx, open, undefined);
  if (state === 'replaced') return;
  const { clientId, version } = open;
  await recordAppEvent(tx, deps, { clientId, kind: 'withdrawn', bySide, accountId: by, version });
}

/** Withdraws the pending version. `tx` must hold the app's lock. @returns whether there was one */
export async function withdrawVersion(
  tx: Executor,
  deps: RegistryDeps,
  clientId: string,
  by: AccountId | undefined,
): Promise<boolean> {
  const open = await findOpenVersion(tx, clientId);
  if (open !== undefined) await close(tx, deps, open, 'withdrawn', { by });
  return open !== undefined;
}

/** Creates the first version of a newly registered app. @returns its number */
export const submitFirst = (
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  by: AccountId | undefined,
  side: Side = 'developer',
): Promise<number> => submit(tx, deps, app, undefined, { wanted: app, by, side, picture: undefined });

/** Neither adds anything to the other. */
const isSameReviewed = (one: AppTerms, other: AppTerms): boolean =>
  waitingFields(one, other).length === 0 && waitingFields(other, one).length === 0;

/** Redirect URIs of this server's own tools need no review. */
function isSameButForTools({ toolRedirects = [] }: RegistryDeps, one: AppTerms, other: AppTerms): boolean {
  const without = (terms: AppTerms): AppTerms => ({
    ...terms,
    redirectUris: terms.redirectUris.filter((uri) => !toolRedirects.includes(uri)),
  });
  return isSameReviewed(without(one), without(other));
}

const changesToolsAlone = (deps: RegistryDeps, app: AppTerms, wanted: AppTerms): boolean =>
  isSameButForTools(deps, app, wanted) && !isSameReviewed(app, wanted);

/** Returns the reviewed fields in which two sets of terms differ, in either direction. */
export const differingFields = (one: AppTerms, other: AppTerms): readonly ReviewedField[] => {
  const either = [...waitingFields(one, other), ...waitingFields(other, one)];
  return REVIEWED.filter((field) => either.includes(field));
};

const tooMany = (most: number): Problem =>
  new Problem('too-many-attempts', {
    status: 429,
    message: `At most ${most} versions of an app are handed in within a day. Gather what you change, and hand it in tomorrow.`,
    retryAfter: days(1) / 1000,
  });

const retired = (): Problem =>
  new Problem('conflict', {
    status: 409,
    message: 'This app is retired. That is the end of it: register another one.',
  });
