import { labelKey, printScopes } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import { type Clock, sha256 } from '../../kernel/index.ts';
import type { Language } from '../../words/index.ts';
import type { Addresses } from '../addresses.ts';
import { canChooseDuration, durationsFor } from '../consent/durations.ts';
import { asksSupporting, consentGroups, identityTold, offlineBox, sharedKinds } from '../consent/lines.ts';
import { sensitiveLines } from '../consent/sensitive.ts';
import { findLastChoice, type LastChoice, NO_CHOICE } from '../consent/store.ts';
import { WORDING } from '../consent/wording.ts';
import { termWithoutOffline } from '../lifetimes.ts';
import type {
  ConsentPage,
  EarlierAccess,
  Records,
  SensitiveLabel,
  ServedTypes,
  ShareableRecord,
  Visitor,
} from '../ports.ts';
import { liveAccess } from '../token/live-access.ts';
import { askingApp } from './asking-app.ts';
import type { AuthorizationRequest } from './pipeline.ts';
import { practicesAsked } from './whose-record.ts';

/** A verified authorization request and the signed-in person who answers it. */
export interface Asking {
  readonly authorization: AuthorizationRequest;
  readonly user: Visitor;
}

export interface ConsentingDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly types: ServedTypes;
  readonly records: Records;
  readonly addresses: Addresses;
  /** Security labels that need separate permission. */
  readonly sensitive: readonly SensitiveLabel[];
}

/** Path of the page where people end the access of apps. */
export const CONNECTED_APPS = '/account/apps';

interface Shown {
  readonly record: ShareableRecord | undefined;
  readonly language: Language;
  /** The person could choose among several records. */
  readonly chosen: boolean;
  readonly changed: boolean;
}

/** Builds the content of the consent page, except what its form carries. */
export async function pageOf(
  deps: ConsentingDeps,
  session: Asking,
  { record, language, chosen, changed }: Shown,
): Promise<Omit<ConsentPage, 'csrf' | 'request' | 'decisionPath' | 'switchAccountPath'>> {
  const { authorization, user } = session;
  const { client, scopes, guide } = authorization;
  const staff = client.kind === 'staff';
  const last = await lastChoiceOf(deps, session, record);
  const offline = offlineBox(scopes, guide, last.offline);
  const term = termWithoutOffline(authorization);
  return {
    app: askingApp(client, authorization.redirect),
    personName: user.displayName,
    asked: staff ? 'staff' : 'patient',
    record,
    timeZone: await timeZoneOf(deps, record),
    chosen,
    changed,
    offered: digestOf(deps, authorization),
    earlier: await earlierAccess(deps, user, last, language),
    groups: consentGroups(scopes, last, deps.types, language),
    sensitive: staff ? [] : sensitiveLines(deps.sensitive, scopes, last, deps.types, language),
    supporting: asksSupporting(scopes, deps.types),
    practices: await practicesAsked(deps.records, authorization, user),
    identity: staff || record === undefined ? undefined : identityTold(scopes, record, deps.types),
    ...(offline === undefined ? {} : { offline }),
    term,
    durations: !staff && canChooseDuration(offline, term) ? durationsFor(language, last.duration) : [],
    accountPath: CONNECTED_APPS,
  };
}

/**
 * Digest of everything that the consent page says and offers. The form sends it back, so that a decision counts only if
 * the app, its registration and our text haven't changed in the meantime.
 */
export function digestOf(
  { sensitive }: Pick<ConsentingDeps, 'sensitive'>,
  authorization: AuthorizationRequest,
): string {
  const { client, scopes, redirect } = authorization;
  const labels = client.kind === 'staff' ? [] : sensitive;
  const offered = [
    WORDING,
    printScopes(scopes),
    askingApp(client, redirect),
    labels,
    termWithoutOffline(authorization),
  ];
  return sha256(JSON.stringify(offered)).toString('base64url');
}

/** Time zone of the practice that keeps the record. */
export const timeZoneOf = ({ records }: ConsentingDeps, record: ShareableRecord | undefined): Promise<string> =>
  record === undefined ? Promise.resolve('UTC') : records.timeZoneOf(record.practiceId);

/** Previous choices for this app and record. Staff have none, because they allow an app as a whole. */
export async function lastChoiceOf(
  { db }: ConsentingDeps,
  { authorization, user }: Asking,
  record: ShareableRecord | undefined,
): Promise<LastChoice> {
  const { clientId, kind } = authorization.client;
  if (kind === 'staff' || record === undefined) return NO_CHOICE;
  const { accountId, published, browser } = user;
  return findLastChoice(db, { accountId, clientId, recordId: record.recordId, published, browser });
}

/**
 * Access that the app still has from earlier decisions of this account, or of this browser for a shared sandbox
 * account.
 */
async function earlierAccess(
  deps: ConsentingDeps,
  { published, browser }: Visitor,
  { grantId }: LastChoice,
  language: Language,
): Promise<EarlierAccess | undefined> {
  if (grantId === undefined) return undefined;
  const here = published ? browser : undefined;
  const live = (await liveAccess(deps, deps.clock.now(), [grantId], here)).get(grantId);
  if (live === undefined) return undefined;
  const labels = deps.sensitive.filter((label) => live.labels.includes(labelKey(label)));
  const kinds = [...sharedKinds(live.scopes, deps.types, language), ...labels.map(({ label }) => label[language])];
  return { since: live.since, ends: live.ends, kinds };
}
