import type { AccessibleRecord } from '../../domain/index.ts';
import {
  formatLongDate,
  formatLongDateTime,
  formatLongDateTimeSeconds,
  getMessages,
  type Language,
  type Messages,
} from '../../i18n/index.ts';
import { type GrantId, toSingleLine } from '../../kernel/index.ts';
import type { AccessTerm } from '../lifetimes.ts';
import type { RequestingApp } from './app-description.ts';
import type { ConsentItemGroup } from './consent-items.ts';
import type { IdentityDisclosure } from './consent-offer.ts';
import { CONSENT_WORDING_VERSION } from './wording-version.ts';

/** A person's agreement on the consent page, with the labels that the page used. */
export interface ConsentAgreement {
  readonly language: Language;
  readonly app: RequestingApp;
  readonly record: AccessibleRecord;
  /** All items of the consent page. The checked ones were allowed. */
  readonly groups: readonly ConsentItemGroup[];
  readonly includesSupporting: boolean;
  readonly sensitive: readonly { readonly label: string; readonly basis: string; readonly allowed: boolean }[];
  /** Time at which access ends, as the person chose. Null means no end date. */
  readonly ends: Date | null;
  /** How long access lasts unless `ends` comes first. */
  readonly term: AccessTerm;
  /** Details that the app learns about the person, whatever the person checked. */
  readonly identity: IdentityDisclosure;
  /** Whether the decision also applies to access that was allowed before. */
  readonly appliesToEarlierAccess: boolean;
  readonly at: Date;
  /** IANA time zone of the times in the receipt. */
  readonly timeZone: string;
  /** Address of the page where the person can end the access. */
  readonly accountUrl: string;
  readonly scope: string;
  readonly grantId: GrantId;
}

/** Returns the name of the patient whom the person represents. Undefined for the person's own record. */
export const representedPersonName = ({ relation, personName }: AccessibleRecord): string | undefined =>
  relation === 'representative' ? personName : undefined;

export const renderReceiptSubject = ({ language, app, record }: ConsentAgreement): string =>
  getMessages(language).consent.receipt.subject(app.name, representedPersonName(record));

/**
 * Writes the receipt as plain text that is complete on its own. Names are put on one line, so that none can imitate a
 * line of the receipt.
 */
export function renderReceiptText(agreement: ConsentAgreement): string {
  const { language, record, at, timeZone, accountUrl, scope, grantId } = agreement;
  const { receipt: messages, items } = getMessages(language).consent;
  const represented = representedPersonName(record);
  const blocks = [
    [renderReceiptSubject(agreement)],
    renderApp(agreement),
    [
      `${messages.record}: ${messages.at(record.personName, record.practiceName)}`,
      ...(represented === undefined ? [] : [messages.actingFor(represented)]),
    ],
    ...renderItems(agreement),
    ...(agreement.groups.some(hasPartsOfType) ? [[items.several]] : []),
    ...(agreement.includesSupporting ? [[items.supporting]] : []),
    ...(agreement.identity === undefined ? [] : [[items.identity[agreement.identity](represented)]]),
    ...renderSensitiveItems(agreement),
    renderDuration(agreement),
    [messages.stop(accountUrl)],
    [
      `${messages.agreed}: ${formatLongDateTimeSeconds(language, at, timeZone)}`,
      `${messages.wording}: ${CONSENT_WORDING_VERSION}`,
      `${messages.number}: ${grantId}`,
      `${messages.technical}: ${scope}`,
    ],
  ];
  return `${blocks.map((block) => block.map((line) => toSingleLine(line)).join('\n')).join('\n\n')}\n`;
}

function renderApp({ language, app, timeZone }: ConsentAgreement): readonly string[] {
  const { receipt: messages } = getMessages(language).consent;
  return [
    `${messages.app}: ${app.name}`,
    `${messages.address}: ${app.address}`,
    `${messages.developer}: ${renderDeveloper(app, messages, (at) => formatLongDate(language, at, timeZone))}`,
    ...(app.selfRegistered ? [`${messages.selfRegistered}: ${messages.yes}`] : []),
  ];
}

function renderDeveloper(
  { developer, verifiedAt }: RequestingApp,
  messages: Messages['consent']['receipt'],
  dayOfIt: (at: Date) => string,
): string {
  if (developer === null) return messages.unknown;
  return verifiedAt === null ? messages.claimed(developer) : messages.verified(developer, dayOfIt(verifiedAt));
}

const hasPartsOfType = ({ items }: ConsentItemGroup): boolean => items.some(({ mayOverlap }) => mayOverlap);

function renderItems({ language, groups, record }: ConsentAgreement): readonly (readonly string[])[] {
  const { receipt: messages, items: page } = getMessages(language).consent;
  const items = groups.flatMap((group) =>
    group.items.map(({ label, checked, mayOverlap }) => ({
      ticked: checked,
      text: mayOverlap ? `${group.heading}: ${label}` : label,
    })),
  );
  if (items.length === 0) return [[page.none(representedPersonName(record))]];
  const list = (ticked: boolean): readonly string[] => {
    const texts = items.filter((one) => one.ticked === ticked).map(({ text }) => `- ${text}`);
    return texts.length === 0 ? [`- ${messages.nothing}`] : texts;
  };
  return [
    [`${messages.allowed}:`, ...list(true)],
    [`${messages.leftOut}:`, ...list(false)],
  ];
}

function renderSensitiveItems({ language, sensitive }: ConsentAgreement): readonly (readonly string[])[] {
  if (sensitive.length === 0) return [];
  const { receipt: messages } = getMessages(language).consent;
  const lines = sensitive.map(({ label, basis, allowed }) => {
    return `- ${allowed ? messages.allowedItem(label, basis) : messages.deniedItem(label, basis)}`;
  });
  return [[`${messages.sensitive}:`, ...lines]];
}

function renderDuration(agreement: ConsentAgreement): readonly string[] {
  const { language, appliesToEarlierAccess, term } = agreement;
  const { receipt: messages } = getMessages(language).consent;
  const away = term.kind === 'rolling' ? messages.comesBack(term.days) : messages.no;
  return [
    `${messages.until}: ${renderEnd(agreement)}`,
    `${messages.away}: ${away}`,
    ...(appliesToEarlierAccess ? [messages.earlier] : []),
  ];
}

function renderEnd({ language, ends, term, timeZone }: ConsentAgreement): string {
  const { receipt: messages, term: terms } = getMessages(language).consent;
  if (term.kind !== 'rolling') return terms.lengths[term.kind];
  return ends === null ? messages.untilStopped : messages.untilTime(formatLongDateTime(language, ends, timeZone));
}
