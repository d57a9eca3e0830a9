import { labelKey } from '../../access/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import { sha256 } from '../../kernel/index.ts';
import { describeApp } from '../consent/app-description.ts';
import {
  applyConsentSelection,
  buildConsentGroups,
  type ConsentedScopes,
  getIdentityDisclosure,
  getOfflineOption,
  requestsSupportingTypes,
} from '../consent/consent-items.ts';
import { canChooseDuration, getAccessEnd, parseDurationEnd } from '../consent/durations.ts';
import { NO_PREVIOUS_CHOICES } from '../consent/grant-store.ts';
import { buildSensitiveItems } from '../consent/sensitive-items.ts';
import { getAccessTerm, getAccessTermWithoutOffline } from '../lifetimes.ts';
import type { OAuthParameters } from '../parameters.ts';
import type { ConsentItemGroup, SelectableRecord } from '../ports.ts';
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
export interface ConsentForm {
  readonly values: OAuthParameters;
  /** Names of fields that were sent more than once. */
  readonly unusable: readonly string[];
  /** Keys of the checked items. */
  readonly allowed: readonly string[];
}

export type ConsentDecision = Pick<
  ApprovedAuthorization,
  'consented' | 'labels' | 'ends' | 'restriction' | 'receiptDraft'
>;

/**
 * Derives the decision from the form and the items that the page displayed. Returns undefined when none of the
 * requested data is left. Throws `bad-request` for an invalid duration.
 */
export async function decideConsent(
  deps: ConsentPageDeps,
  session: AuthorizationSession,
  record: SelectableRecord | undefined,
  form: ConsentForm,
  pageContext: PageContext,
): Promise<ConsentDecision | undefined> {
  const offline = form.values['offline'] === 'yes';
  if (session.authorization.client.kind === 'staff') return decideForStaff(deps, session, offline);
  const { scopes, scopeOmitted } = session.authorization;
  const consented = applyConsentSelection(scopes, { allowed: form.allowed, offline }, deps.types);
  if (consented === undefined || record === undefined) return undefined;
  const offlineOption = getOfflineOption(scopes, scopeOmitted);
  const asksDuration = canChooseDuration(offlineOption, getAccessTermWithoutOffline(session.authorization));
  const selectedEnd = parseChosenEnd(form, asksDuration, deps.clock.now());
  const term = getAccessTerm(consented.scopes, session.authorization);
  const ends = getAccessEnd(selectedEnd, term, deps.clock.now());
  const groups = buildConsentGroups(scopes, NO_PREVIOUS_CHOICES, deps.types, pageContext.language);
  const sensitiveKeys = buildSensitiveItems(
    deps.sensitive,
    scopes,
    NO_PREVIOUS_CHOICES,
    deps.types,
    pageContext.language,
  ).map(({ key }) => key);
  const labels = sensitiveKeys.filter((key) => form.allowed.includes(key));
  const declinedLabels = sensitiveKeys.filter((key) => !labels.includes(key));
  const keepsOffline = offlineOption === undefined ? undefined : offline;
  const declinedKeys = [...consented.denied, ...declinedLabels];
  const decidedKeys = [...consented.decidedKeys, ...sensitiveKeys];
  const previous = await loadPreviousChoices(deps, session, record);
  const earlierToo = previous.grantId !== undefined && form.values['earlier'] === 'yes';
  return {
    consented,
    labels,
    ends,
    restriction: earlierToo
      ? { denied: deniedForEarlierAccess(consented, keepsOffline), labels: declinedLabels }
      : undefined,
    receiptDraft: {
      brand: pageContext.brand,
      form: sha256(JSON.stringify([session.user.sessionId, form.values, form.allowed])),
      declinedKeys: [...previous.declinedKeys.filter((key) => !decidedKeys.includes(key)), ...declinedKeys],
      choice: {
        itemKeys: [...itemKeys(groups), ...sensitiveKeys],
        decidedKeys,
        declinedKeys,
        duration: (asksDuration ? form.values['duration'] : previous.duration) ?? '',
        offline: keepsOffline,
      },
      agreement: {
        language: pageContext.language,
        app: describeApp(session.authorization.client, session.authorization.redirect),
        record,
        groups: groups.map((group) => applyChecked(group, form.allowed)),
        includesSupporting: requestsSupportingTypes(scopes, deps.types),
        sensitive: deps.sensitive
          .filter((label) => sensitiveKeys.includes(labelKey(label)))
          .map((label) => ({
            label: label.label[pageContext.language],
            basis: label.basis[pageContext.language],
            allowed: labels.includes(labelKey(label)),
          })),
        ends: selectedEnd,
        term,
        identity: getIdentityDisclosure(scopes, record, deps.types),
        appliesToEarlierAccess: earlierToo,
        timeZone: await recordTimeZone(deps, record),
        accountUrl: `${deps.addresses.origin}${CONNECTED_APPS_PATH}`,
      },
    },
  };
}

/** The end that the person chose. Null for no end date, or when the page offered no choice. */
function parseChosenEnd({ values, unusable }: ConsentForm, isAsked: boolean, now: Date): Date | null {
  const value = values['duration'] ?? '';
  const end = unusable.includes('duration') || (value !== '' && !isAsked) ? undefined : parseDurationEnd(value, now);
  if (end === undefined)
    throw new PersonProblem('bad-request', { status: 400, message: ({ noDuration }) => noDuration });
  return end;
}

/** Staff allow an app as a whole. */
function decideForStaff(
  { types }: ConsentPageDeps,
  { authorization }: AuthorizationSession,
  offline: boolean,
): ConsentDecision | undefined {
  const allowed = itemKeys(buildConsentGroups(authorization.scopes, NO_PREVIOUS_CHOICES, types, 'en'));
  const consented = applyConsentSelection(authorization.scopes, { allowed, offline }, types);
  return consented === undefined
    ? undefined
    : { consented, labels: [], ends: null, restriction: undefined, receiptDraft: undefined };
}

const itemKeys = (groups: readonly ConsentItemGroup[]): readonly string[] =>
  groups.flatMap(({ items }) => items.map(({ key }) => key));

/** Earlier offline access is withdrawn only if this page asked about it. */
const deniedForEarlierAccess = ({ denied }: ConsentedScopes, away: boolean | undefined): readonly string[] =>
  away === false ? [...denied, 'offline_access'] : denied;

const applyChecked = (group: ConsentItemGroup, allowed: readonly string[]): ConsentItemGroup => ({
  ...group,
  items: group.items.map((item) => ({ ...item, checked: item.required || allowed.includes(item.key) })),
});
