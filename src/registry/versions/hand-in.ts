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
  /** The app as it is to be. */
  readonly wanted: AppTerms;
  /** null: none any more; undefined: as it is, or as the version that waits has it. */
  readonly logo?: AppLogo | null | undefined;
  /** undefined: an app that manages itself, or an operator at the command line. */
  readonly by: AccountId | undefined;
  /** Of whom the history tells; left out: the developer's. */
  readonly side?: Side;
}

export type Side = 'developer' | 'operator' | 'server';

export interface Outcome {
  /** What waits for a review; all else that was changed works already. */
  readonly waits: readonly (ReviewedField | 'logo')[];
  /** The version that was made; undefined: none had to be. */
  readonly version: number | undefined;
}

/** A picture is chosen right after the rest was handed in: it is part of that, as long as nobody can have judged it. */
const SAME_ACT = minutes(2);
/** Of one app in a day: each is kept, and may be looked at. Anybody can make an app that registers itself. */
const MOST_A_DAY = { ofOrganisation: 30, ofNobody: 10 };

/**
 * Takes what a developer wants an app to be. Of an app that works, whatever matters waits in a version while the app goes
 * on as it was approved; of one that does not work yet, everything holds at once, and waits to be approved as a whole.
 * `tx` holds the app's lock. @param app as it is
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
  const picture = await pictureOf(tx, app, open, logo);
  const waits = picture.waits ? [...fields, 'logo' as const] : fields;
  if (waits.length === 0) {
    if (open !== undefined) await close(tx, deps, open, 'withdrawn', given);
    return { waits, version: undefined };
  }
  if (open !== undefined && logo === undefined && isSameReviewed(open.terms, wanted)) {
    await refresh(tx, open, wanted);
    return { waits, version: undefined };
  }
  return { waits, version: await submit(tx, deps, app, open, { ...given, picture: picture.bytes }) };
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
  // Withdrawn, it waits until it is handed in again. To try it is not that.
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
  const picture = await findAppLogo(tx, app.clientId);
  return { waits: [], version: await submit(tx, deps, app, open, { ...given, picture }) };
}

/** What is no matter for a review, as it is now. For whom a first of two approved a backend app stays with the version. */
const refresh = (tx: Executor, open: AppVersion, wanted: AppTerms): Promise<void> =>
  keepVersion(tx, { ...open, terms: { ...wanted, practiceIds: open.terms.practiceIds } });

const isSameAct = ({ clock }: RegistryDeps, open: AppVersion, by: HandedIn['by']): boolean =>
  open.state === 'waiting' &&
  open.askedAt === undefined &&
  open.submittedBy === by &&
  open.submittedAt > later(clock.now(), -SAME_ACT);

/** The picture that the app would have, and whether it has another one now. */
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

/** The developer takes a version back, or puts another in its place: that one tells of it. */
async function close(
  tx: Executor,
  deps: RegistryDeps,
  open: AppVersion,
  state: 'withdrawn' | 'replaced',
  { by, side: bySide = 'developer' }: Pick<HandedIn, 'by' | 'side'>,
): Promise<void> {
  await keepVersion(tx, { ...open, state, askedAt: undefined, decidedAt: deps.clock.now(), decidedBy: by });
  // Nobody decides by it any more.
  await keepVersionLogo(tx, open, undefined);
  if (state === 'replaced') return;
  const { clientId, version } = open;
  await recordAppEvent(tx, deps, { clientId, kind: 'withdrawn', bySide, accountId: by, version });
}

/** The developer takes back what waits. `tx` holds the app's lock. @returns whether something did */
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

/** A first version of an app that was just registered. */
export const submitFirst = (
  tx: Executor,
  deps: RegistryDeps,
  app: App,
  by: AccountId | undefined,
  side: Side = 'developer',
): Promise<number> => submit(tx, deps, app, undefined, { wanted: app, by, side, picture: undefined });

/** Neither is more than the other. */
const isSameReviewed = (one: AppTerms, other: AppTerms): boolean =>
  waitingFields(one, other).length === 0 && waitingFields(other, one).length === 0;

/** A redirect to a page of this server's own is nothing that a reviewer could object to. */
function isSameButForTools({ toolRedirects = [] }: RegistryDeps, one: AppTerms, other: AppTerms): boolean {
  const without = (terms: AppTerms): AppTerms => ({
    ...terms,
    redirectUris: terms.redirectUris.filter((uri) => !toolRedirects.includes(uri)),
  });
  return isSameReviewed(without(one), without(other));
}

const changesToolsAlone = (deps: RegistryDeps, app: AppTerms, wanted: AppTerms): boolean =>
  isSameButForTools(deps, app, wanted) && !isSameReviewed(app, wanted);

/** The reviewed fields in which two differ, either way. */
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
