import { labelKey } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { AccessibleRecord, SensitiveLabel, SessionUser } from '../../domain/index.ts';
import type { Language } from '../../i18n/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { DEFAULT_TIME_ZONE, findPracticeSettings } from '../../practices/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import { chartPath } from '../chart-path.ts';
import { listSharedData } from '../consent/consent-items.ts';
import type { ConsentOffer } from '../consent/consent-offer.ts';
import { countGroupEntries } from '../consent/count-entries.ts';
import { findPreviousChoices, NO_PREVIOUS_CHOICES, type PreviousConsentChoices } from '../consent/grant-store.ts';
import type { ConsentPage, EarlierAccess } from '../consent/page.ts';
import { presentConsentOffer } from '../consent/present-offer.ts';
import type { LaunchRecordContents } from '../launch/ports.ts';
import type { RecordEntryCounter, SelectableRecords, ServedTypes } from '../ports.ts';
import { findActiveAccess } from '../token/active-access.ts';
import type { AuthorizationRequest } from './check-request.ts';
import { listRequestedPractices } from './patient-picker.ts';

/**
 * A verified authorization request, the signed-in person who decides about it, and the choices that the consent page
 * offers.
 */
export interface AuthorizationSession {
  readonly authorization: AuthorizationRequest;
  readonly user: SessionUser;
  readonly offer: ConsentOffer;
}

export interface ConsentPageDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly types: ServedTypes;
  readonly records: SelectableRecords;
  readonly counter: RecordEntryCounter;
  readonly contents: Pick<LaunchRecordContents, 'listEncounters'>;
  readonly addresses: OAuthAddresses;
  /** Security labels of data that an app gets only if the person checks the label on the consent page. */
  readonly sensitive: readonly SensitiveLabel[];
}

/** Path of the page where people end the access of apps. */
export const CONNECTED_APPS_PATH = '/account/apps';

interface ConsentPageOptions {
  readonly record: AccessibleRecord | undefined;
  readonly language: Language;
  /** Whether the person has just chosen this record in the patient picker. */
  readonly chosen: boolean;
  readonly changed: boolean;
}

/** Builds the content of the consent page, except the values that its form needs: paths, CSRF token and the request. */
export async function buildConsentPage(
  deps: ConsentPageDeps,
  session: AuthorizationSession,
  { record, language, chosen, changed }: ConsentPageOptions,
): Promise<Omit<ConsentPage, 'csrf' | 'request' | 'decisionPath' | 'switchAccountPath'>> {
  const { authorization, user, offer } = session;
  const previous = await loadPreviousChoices(deps, session, record);
  return {
    ...presentConsentOffer(offer, { previous, record, language }),
    personName: user.displayName,
    record,
    visit: await findLaunchVisit(deps, authorization),
    chartPath: authorization.launch && record && chartPath(record),
    timeZone: await recordTimeZone(deps, record),
    wasChosen: chosen,
    changed,
    earlierAccess: await loadEarlierAccess(deps, user, previous, language),
    practices: await listRequestedPractices(deps.records, authorization, user),
    counts: await countOfferedEntries(deps, session, record),
    accountPath: CONNECTED_APPS_PATH,
  };
}

/** Finds the visit that the app gets with an EHR launch, for its kind and date. */
async function findLaunchVisit(
  { contents }: ConsentPageDeps,
  { launch }: AuthorizationRequest,
): Promise<ConsentPage['visit']> {
  const visit = launch?.context.encounter;
  if (launch === undefined || visit === undefined) return undefined;
  return (await contents.listEncounters(launch.recordId)).find(({ id }) => id === visit);
}

/** Counts the entries of each group for a patient or representative. Staff can't choose groups, so they see no numbers. */
async function countOfferedEntries(
  deps: ConsentPageDeps,
  { user, offer }: AuthorizationSession,
  record: AccessibleRecord | undefined,
): Promise<ConsentPage['counts']> {
  if (offer.userKind === 'staff' || record === undefined) return {};
  return countGroupEntries(deps, offer, { accountId: user.accountId, recordId: record.recordId });
}

/** Returns the time zone of the practice that the record belongs to, and UTC if there is no record. */
export async function recordTimeZone({ db }: ConsentPageDeps, record: AccessibleRecord | undefined): Promise<string> {
  if (record === undefined) return 'UTC';
  return (await findPracticeSettings(db, record.practiceId))?.timeZone ?? DEFAULT_TIME_ZONE;
}

/**
 * Loads what the person chose the last time this app requested access to this record. Staff have no previous choices,
 * because they allow an app as a whole.
 */
export async function loadPreviousChoices(
  { db }: ConsentPageDeps,
  { authorization, user }: AuthorizationSession,
  record: AccessibleRecord | undefined,
): Promise<PreviousConsentChoices> {
  const { clientId, kind } = authorization.client;
  if (kind === 'staff' || record === undefined) return NO_PREVIOUS_CHOICES;
  const { accountId, published, browser } = user;
  return findPreviousChoices(db, { accountId, clientId, recordId: record.recordId, published, browser });
}

/**
 * Loads the access that the app still has from earlier decisions of this account. For a shared sandbox account, only
 * decisions that were made in this browser count.
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
