import { labelKey } from '../../access/index.ts';
import { sha256 } from '../../kernel/index.ts';
import type { Frame } from '../../words/index.ts';
import { canChooseDuration, endOf, expiryOf } from '../consent/durations.ts';
import {
  applyDecision,
  asksSupporting,
  type Consented,
  consentGroups,
  identityTold,
  offlineBox,
} from '../consent/lines.ts';
import { sensitiveLines } from '../consent/sensitive.ts';
import { NO_CHOICE } from '../consent/store.ts';
import { accessTerm, termWithoutOffline } from '../lifetimes.ts';
import type { Parameters } from '../parameters.ts';
import type { ConsentGroup, ShareableRecord } from '../ports.ts';
import { askingApp } from './asking-app.ts';
import { type Asking, CONNECTED_APPS, type ConsentingDeps, lastChoiceOf, timeZoneOf } from './consent-page.ts';
import type { Allowed } from './give-code.ts';
import { PersonProblem } from './person-problem.ts';

/** The submitted form of the consent page. */
export interface DecisionForm {
  readonly values: Parameters;
  /** Names of fields that were sent more than once. */
  readonly unusable: readonly string[];
  /** Keys of the checked items. */
  readonly allowed: readonly string[];
}

export type Decided = Pick<Allowed, 'consented' | 'labels' | 'ends' | 'taken' | 'agreed'>;

/**
 * Derives the decision from the form and the items that the page displayed. Returns undefined when none of the
 * requested data is left. Throws `bad-request` for an invalid duration.
 */
export async function decided(
  deps: ConsentingDeps,
  session: Asking,
  record: ShareableRecord | undefined,
  form: DecisionForm,
  pageContext: Frame,
): Promise<Decided | undefined> {
  const offline = form.values['offline'] === 'yes';
  if (session.authorization.client.kind === 'staff') return decidedByStaff(deps, session, offline);
  const { scopes, guide } = session.authorization;
  const consented = applyDecision(scopes, { allowed: form.allowed, offline }, deps.types);
  if (consented === undefined || record === undefined) return undefined;
  const offlineOption = offlineBox(scopes, guide);
  const asksDuration = canChooseDuration(offlineOption, termWithoutOffline(session.authorization));
  const selectedEnd = chosenEnd(form, asksDuration, deps.clock.now());
  const term = accessTerm(consented.scopes, session.authorization);
  const ends = endOf(selectedEnd, term, deps.clock.now());
  const groups = consentGroups(scopes, NO_CHOICE, deps.types, pageContext.language);
  const sensitiveKeys = sensitiveLines(deps.sensitive, scopes, NO_CHOICE, deps.types, pageContext.language).map(
    ({ key }) => key,
  );
  const labels = sensitiveKeys.filter((key) => form.allowed.includes(key));
  const declinedLabels = sensitiveKeys.filter((key) => !labels.includes(key));
  const keepsOffline = offlineOption === undefined ? undefined : offline;
  const declinedKeys = [...consented.denied, ...declinedLabels];
  const decidedKeys = [...consented.shown, ...sensitiveKeys];
  const previous = await lastChoiceOf(deps, session, record);
  const earlierToo = previous.grantId !== undefined && form.values['earlier'] === 'yes';
  return {
    consented,
    labels,
    ends,
    taken: earlierToo ? { denied: takenKinds(consented, keepsOffline), labels: declinedLabels } : undefined,
    receiptDraft: {
      brand: pageContext.brand,
      form: sha256(JSON.stringify([session.user.sessionId, form.values, form.allowed])),
      unticked: [...previous.unticked.filter((key) => !decidedKeys.includes(key)), ...declinedKeys],
      choice: {
        asked: [...keysOf(groups), ...sensitiveKeys],
        shown: decidedKeys,
        unticked: declinedKeys,
        duration: (asksDuration ? form.values['duration'] : previous.duration) ?? '',
        offline: keepsOffline,
      },
      agreement: {
        language: pageContext.language,
        app: askingApp(session.authorization.client, session.authorization.redirect),
        record,
        groups: groups.map((group) => asTicked(group, form.allowed)),
        supporting: asksSupporting(scopes, deps.types),
        sensitive: deps.sensitive
          .filter((label) => sensitiveKeys.includes(labelKey(label)))
          .map((label) => ({
            label: label.label[pageContext.language],
            basis: label.basis[pageContext.language],
            allowed: labels.includes(labelKey(label)),
          })),
        ends: selectedEnd,
        term,
        identity: identityTold(scopes, record, deps.types),
        earlierToo,
        timeZone: await timeZoneOf(deps, record),
        account: `${deps.addresses.origin}${CONNECTED_APPS}`,
      },
    },
  };
}

/** The end that the person chose. Null for no end date, or when the page offered no choice. */
function chosenEnd({ values, unusable }: DecisionForm, isAsked: boolean, now: Date): Date | null {
  const value = values['duration'] ?? '';
  const end = unusable.includes('duration') || (value !== '' && !isAsked) ? undefined : expiryOf(value, now);
  if (end === undefined) throw new PersonProblem('bad-request', { status: 400, tell: ({ noDuration }) => noDuration });
  return end;
}

/** Staff allow an app as a whole. */
function decidedByStaff({ types }: ConsentingDeps, { authorization }: Asking, offline: boolean): Decided | undefined {
  const allowed = keysOf(consentGroups(authorization.scopes, NO_CHOICE, types, 'en'));
  const consented = applyDecision(authorization.scopes, { allowed, offline }, types);
  return consented === undefined
    ? undefined
    : { consented, labels: [], ends: null, taken: undefined, receiptDraft: undefined };
}

const keysOf = (groups: readonly ConsentGroup[]): readonly string[] =>
  groups.flatMap(({ lines }) => lines.map(({ key }) => key));

/** Earlier offline access is withdrawn only if this page asked about it. */
const takenKinds = ({ denied }: Consented, away: boolean | undefined): readonly string[] =>
  away === false ? [...denied, 'offline_access'] : denied;

const asTicked = (group: ConsentGroup, allowed: readonly string[]): ConsentGroup => ({
  ...group,
  lines: group.lines.map((item) => ({ ...item, ticked: item.locked || allowed.includes(item.key) })),
});
