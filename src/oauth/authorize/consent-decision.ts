import { labelKey } from '../../access/index.ts';
import type { AccessibleRecord } from '../../domain/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import { sha256 } from '../../kernel/index.ts';
import { readAllowedItems, type SubmittedItems } from '../consent/category-groups.ts';
import type { ConsentItemGroup } from '../consent/consent-items.ts';
import type { ConsentOffer } from '../consent/consent-offer.ts';
import { applyConsentSelection, type ConsentedScopes } from '../consent/consent-selection.ts';
import { getAccessEnd, parseDurationEnd } from '../consent/durations.ts';
import { presentConsentOffer } from '../consent/present-offer.ts';
import { getAccessTerm } from '../lifetimes.ts';
import type { OAuthParameters } from '../parameters.ts';
import {
  type AuthorizationSession,
  CONNECTED_APPS_PATH,
  type ConsentPageDeps,
  loadPreviousChoices,
  recordTimeZone,
} from './consent-page.ts';
import type { ApprovedAuthorization } from './issue-authorization-code.ts';
import { PersonProblem } from './person-problem.ts';

/** The submitted form of the consent page. */
export interface ConsentForm extends SubmittedItems {
  readonly values: OAuthParameters;
  /**
   * Names of fields that were sent more than once with different values, or whose value contains control characters.
   */
  readonly unusable: readonly string[];
}

export type ConsentDecision = Pick<
  ApprovedAuthorization,
  'consented' | 'labels' | 'ends' | 'restriction' | 'receiptDraft'
>;

/**
 * Derives the person's decision from the submitted form and the items that the page displayed. Returns undefined if the
 * person checked none of the requested data. Throws `bad-request` for an invalid duration.
 */
export async function decideConsent(
  deps: ConsentPageDeps,
  session: AuthorizationSession,
  record: AccessibleRecord | undefined,
  form: ConsentForm,
  pageContext: PageContext,
): Promise<ConsentDecision | undefined> {
  const { authorization, offer } = session;
  const offline = form.values['offline'] === 'yes';
  if (offer.userKind === 'staff') return decideForStaff(deps, session, offline);
  const allowed = readAllowedItems(offer.items, form);
  const consented = applyConsentSelection(offer, { allowed, offline }, deps.types);
  if (consented === undefined || record === undefined) return undefined;
  const selectedEnd = parseChosenEnd(form, offer.canChooseDuration, deps.clock.now());
  const term = getAccessTerm(consented.scopes, authorization);
  const ends = getAccessEnd(selectedEnd, term, deps.clock.now());
  const sensitiveKeys = offer.sensitiveLabels.map(labelKey);
  const labels = sensitiveKeys.filter((key) => form.allowed.includes(key));
  const declinedLabels = sensitiveKeys.filter((key) => !labels.includes(key));
  const keepsOffline = offer.offlineDefault === undefined ? undefined : offline;
  const declinedKeys = [...consented.denied, ...declinedLabels];
  const decidedKeys = [...consented.decidedKeys, ...sensitiveKeys];
  const previous = await loadPreviousChoices(deps, session, record);
  const { language, brand } = pageContext;
  const page = presentConsentOffer(offer, { previous, record, language });
  const earlierToo = previous.grantId !== undefined && form.values['earlier'] === 'yes';
  return {
    consented,
    labels,
    ends,
    restriction: earlierToo
      ? { denied: deniedForEarlierAccess(consented, keepsOffline), labels: declinedLabels }
      : undefined,
    receiptDraft: {
      brand,
      form: sha256(JSON.stringify([session.user.sessionId, form.values, form.allowed, form.groups])),
      declinedKeys: [...previous.declinedKeys.filter((key) => !decidedKeys.includes(key)), ...declinedKeys],
      choice: {
        itemKeys: [...itemKeys(offer), ...sensitiveKeys],
        decidedKeys,
        declinedKeys,
        duration: (offer.canChooseDuration ? form.values['duration'] : previous.duration) ?? '',
        offline: keepsOffline,
      },
      agreement: {
        language,
        app: page.app,
        record,
        groups: page.groups.map((group) => withSelection(group, allowed)),
        includesSupporting: page.includesSupporting,
        sensitive: offer.sensitiveLabels.map((label) => ({
          label: label.label[language],
          basis: label.basis[language],
          allowed: labels.includes(labelKey(label)),
        })),
        ends: selectedEnd,
        term,
        identity: page.identity,
        appliesToEarlierAccess: earlierToo,
        timeZone: await recordTimeZone(deps, record),
        accountUrl: `${deps.addresses.origin}${CONNECTED_APPS_PATH}`,
      },
    },
  };
}

/**
 * Returns the time at which the person wants access to end. Null if they chose no end date, or if the page didn't ask.
 */
function parseChosenEnd({ values, unusable }: ConsentForm, isRequested: boolean, now: Date): Date | null {
  const value = values['duration'] ?? '';
  const end =
    unusable.includes('duration') || (value !== '' && !isRequested) ? undefined : parseDurationEnd(value, now);
  if (end === undefined)
    throw new PersonProblem('bad-request', { status: 400, message: ({ noDuration }) => noDuration });
  return end;
}

/** Grants all requested data, because a staff member allows an app as a whole and can't decline single items. */
function decideForStaff(
  { types }: ConsentPageDeps,
  { offer }: AuthorizationSession,
  offline: boolean,
): ConsentDecision | undefined {
  const consented = applyConsentSelection(offer, { allowed: itemKeys(offer), offline }, types);
  return consented === undefined
    ? undefined
    : { consented, labels: [], ends: null, restriction: undefined, receiptDraft: undefined };
}

const itemKeys = ({ items }: ConsentOffer): readonly string[] => items.map(({ key }) => key);

/**
 * Returns the keys of what to remove from access that the app got earlier. `offline_access` is included only if the
 * submitted consent page asked about it and the person declined it.
 */
const deniedForEarlierAccess = ({ denied }: ConsentedScopes, offline: boolean | undefined): readonly string[] =>
  offline === false ? [...denied, 'offline_access'] : denied;

/** Returns the group with each of its consent items checked or unchecked, as the person decided. */
function withSelection(group: ConsentItemGroup, allowed: readonly string[]): ConsentItemGroup {
  const items = group.items.map((item) => ({ ...item, checked: item.required || allowed.includes(item.key) }));
  return { ...group, items, on: items.some(({ checked }) => checked) };
}
