import { labelKey, printScopes } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Language } from '../../i18n/index.ts';
import { type Clock, sha256 } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import { describeApp } from '../consent/app-description.ts';
import {
  buildConsentGroups,
  getIdentityDisclosure,
  getOfflineOption,
  listSharedData,
  requestsSupportingTypes,
} from '../consent/consent-items.ts';
import { canChooseDuration, listDurationOptions } from '../consent/durations.ts';
import { findPreviousChoices, NO_PREVIOUS_CHOICES, type PreviousConsentChoices } from '../consent/grant-store.ts';
import { buildSensitiveItems } from '../consent/sensitive-items.ts';
import { CONSENT_WORDING_VERSION } from '../consent/wording-version.ts';
import { getAccessTermWithoutOffline } from '../lifetimes.ts';
import type {
  ConsentPage,
  EarlierAccess,
  SelectableRecord,
  SelectableRecords,
  SensitiveLabelText,
  ServedTypes,
  SessionUser,
} from '../ports.ts';
import { findActiveAccess } from '../token/active-access.ts';
import type { AuthorizationRequest } from './check-request.ts';
import { listRequestedPractices } from './patient-picker.ts';

/** A verified authorization request and the signed-in person who answers it. */
export interface AuthorizationSession {
  readonly authorization: AuthorizationRequest;
  readonly user: SessionUser;
}

export interface ConsentPageDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly types: ServedTypes;
  readonly records: SelectableRecords;
  readonly addresses: OAuthAddresses;
  /** Security labels that need separate permission. */
  readonly sensitive: readonly SensitiveLabelText[];
}

/** Path of the page where people end the access of apps. */
export const CONNECTED_APPS_PATH = '/account/apps';

interface ConsentPageOptions {
  readonly record: SelectableRecord | undefined;
  readonly language: Language;
  /** The person could choose among several records. */
  readonly chosen: boolean;
  readonly changed: boolean;
}

/** Builds the content of the consent page, except what its form carries. */
export async function buildConsentPage(
  deps: ConsentPageDeps,
  session: AuthorizationSession,
  { record, language, chosen, changed }: ConsentPageOptions,
): Promise<Omit<ConsentPage, 'csrf' | 'request' | 'decisionPath' | 'switchAccountPath'>> {
  const { authorization, user } = session;
  const { client, scopes, scopeOmitted } = authorization;
  const staff = client.kind === 'staff';
  const last = await loadPreviousChoices(deps, session, record);
  const offline = getOfflineOption(scopes, scopeOmitted, last.offline);
  const term = getAccessTermWithoutOffline(authorization);
  return {
    app: describeApp(client, authorization.redirect),
    personName: user.displayName,
    userKind: staff ? 'staff' : 'patient',
    record,
    timeZone: await recordTimeZone(deps, record),
    wasChosen: chosen,
    changed,
    offerDigest: digestConsentOffer(deps, authorization),
    earlierAccess: await loadEarlierAccess(deps, user, last, language),
    groups: buildConsentGroups(scopes, last, deps.types, language),
    sensitive: staff ? [] : buildSensitiveItems(deps.sensitive, scopes, last, deps.types, language),
    includesSupporting: requestsSupportingTypes(scopes, deps.types),
    practices: await listRequestedPractices(deps.records, authorization, user),
    identity: staff || record === undefined ? undefined : getIdentityDisclosure(scopes, record, deps.types),
    ...(offline === undefined ? {} : { offline }),
    term,
    durations: !staff && canChooseDuration(offline, term) ? listDurationOptions(language, last.duration) : [],
    accountPath: CONNECTED_APPS_PATH,
  };
}

/**
 * Digest of everything that the consent page says and offers. The form sends it back, so that a decision counts only if
 * the app, its registration and our text haven't changed in the meantime.
 */
export function digestConsentOffer(
  { sensitive }: Pick<ConsentPageDeps, 'sensitive'>,
  authorization: AuthorizationRequest,
): string {
  const { client, scopes, redirect } = authorization;
  const labels = client.kind === 'staff' ? [] : sensitive;
  const offered = [
    CONSENT_WORDING_VERSION,
    printScopes(scopes),
    describeApp(client, redirect),
    labels,
    getAccessTermWithoutOffline(authorization),
  ];
  return sha256(JSON.stringify(offered)).toString('base64url');
}

/** Time zone of the practice that keeps the record. */
export const recordTimeZone = ({ records }: ConsentPageDeps, record: SelectableRecord | undefined): Promise<string> =>
  record === undefined ? Promise.resolve('UTC') : records.getTimeZone(record.practiceId);

/** Previous choices for this app and record. Staff have none, because they allow an app as a whole. */
export async function loadPreviousChoices(
  { db }: ConsentPageDeps,
  { authorization, user }: AuthorizationSession,
  record: SelectableRecord | undefined,
): Promise<PreviousConsentChoices> {
  const { clientId, kind } = authorization.client;
  if (kind === 'staff' || record === undefined) return NO_PREVIOUS_CHOICES;
  const { accountId, published, browser } = user;
  return findPreviousChoices(db, { accountId, clientId, recordId: record.recordId, published, browser });
}

/**
 * Access that the app still has from earlier decisions of this account, or of this browser for a shared sandbox
 * account.
 */
async function loadEarlierAccess(
  deps: ConsentPageDeps,
  { published, browser }: SessionUser,
  { grantId }: PreviousConsentChoices,
  language: Language,
): Promise<EarlierAccess | undefined> {
  if (grantId === undefined) return undefined;
  const here = published ? browser : undefined;
  const live = (await findActiveAccess(deps, deps.clock.now(), [grantId], here)).get(grantId);
  if (live === undefined) return undefined;
  const labels = deps.sensitive.filter((label) => live.labels.includes(labelKey(label)));
  const kinds = [...listSharedData(live.scopes, deps.types, language), ...labels.map(({ label }) => label[language])];
  return { since: live.since, ends: live.ends, kinds };
}
