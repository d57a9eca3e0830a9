import { type GrantId, plainLine } from '../../kernel/index.ts';
import { dayOf, type Language, minuteOf, secondOf, type Words, wordsIn } from '../../words/index.ts';
import type { AccessTerm, AskingApp, ConsentGroup, Identity, ShareableRecord } from '../ports.ts';
import { WORDING } from './wording.ts';

/** The decision of a person, with the labels that the consent page used. */
export interface Agreement {
  readonly language: Language;
  readonly app: AskingApp;
  readonly record: ShareableRecord;
  /** All items of the page. Checked ones were allowed. */
  readonly groups: readonly ConsentGroup[];
  readonly supporting: boolean;
  readonly sensitive: readonly { readonly label: string; readonly basis: string; readonly allowed: boolean }[];
  /** End chosen by the person. Null means no end date. */
  readonly ends: Date | null;
  /** How long access lasts unless `ends` comes first. */
  readonly term: AccessTerm;
  /** Details about the person that the app learns regardless of the checked items. */
  readonly identity: Identity;
  /** The decision also applies to access that was allowed before. */
  readonly earlierToo: boolean;
  readonly at: Date;
  /** IANA time zone. */
  readonly timeZone: string;
  /** Address of the page where the person can end the access. */
  readonly account: string;
  readonly scope: string;
  readonly grantId: GrantId;
}

/** Name of the patient whom the person represents. Undefined for the person's own record. */
export const whoseRecord = ({ relation, personName }: ShareableRecord): string | undefined =>
  relation === 'representative' ? personName : undefined;

export const receiptSubject = ({ language, app, record }: Agreement): string =>
  wordsIn(language).consent.receipt.subject(app.name, whoseRecord(record));

/**
 * Writes the receipt as plain text that is complete on its own. Names are put on one line, so that none can imitate a
 * line of the receipt.
 */
export function receiptText(agreement: Agreement): string {
  const { language, record, at, timeZone, account, scope, grantId } = agreement;
  const { receipt: messages, lines } = wordsIn(language).consent;
  const represented = whoseRecord(record);
  const blocks = [
    [receiptSubject(agreement)],
    appLines(agreement),
    [
      `${messages.record}: ${messages.at(record.personName, record.practiceName)}`,
      ...(represented === undefined ? [] : [messages.actingFor(represented)]),
    ],
    ...kindBlocks(agreement),
    ...(agreement.groups.some(({ inParts }) => inParts) ? [[lines.several]] : []),
    ...(agreement.supporting ? [[lines.supporting]] : []),
    ...(agreement.identity === undefined ? [] : [[lines.identity[agreement.identity](represented)]]),
    ...sensitiveBlock(agreement),
    timeLines(agreement),
    [messages.stop(account)],
    [
      `${messages.agreed}: ${secondOf(language, at, timeZone)}`,
      `${messages.wording}: ${WORDING}`,
      `${messages.number}: ${grantId}`,
      `${messages.technical}: ${scope}`,
    ],
  ];
  return `${blocks.map((block) => block.map((line) => plainLine(line)).join('\n')).join('\n\n')}\n`;
}

function appLines({ language, app, timeZone }: Agreement): readonly string[] {
  const { receipt: messages } = wordsIn(language).consent;
  return [
    `${messages.app}: ${app.name}`,
    `${messages.address}: ${app.address}`,
    `${messages.developer}: ${makerOf(app, messages, (at) => dayOf(language, at, timeZone))}`,
    ...(app.selfRegistered ? [`${messages.selfRegistered}: ${messages.yes}`] : []),
  ];
}

function makerOf(
  { developer, verifiedAt }: AskingApp,
  messages: Words['consent']['receipt'],
  dayOfIt: (at: Date) => string,
): string {
  if (developer === null) return messages.unknown;
  return verifiedAt === null ? messages.claimed(developer) : messages.verified(developer, dayOfIt(verifiedAt));
}

/** A category is listed together with the name of its type. */
const isPart = (key: string): boolean => key.includes(':');

function kindBlocks({ language, groups, record }: Agreement): readonly (readonly string[])[] {
  const { receipt: messages, lines: page } = wordsIn(language).consent;
  const items = groups.flatMap(({ heading, lines }) =>
    lines.map(({ key, label, ticked }) => ({
      ticked,
      text: heading !== undefined && isPart(key) ? `${heading}: ${label}` : label,
    })),
  );
  if (items.length === 0) return [[page.none(whoseRecord(record))]];
  const list = (ticked: boolean): readonly string[] => {
    const texts = items.filter((one) => one.ticked === ticked).map(({ text }) => `- ${text}`);
    return texts.length === 0 ? [`- ${messages.nothing}`] : texts;
  };
  return [
    [`${messages.allowed}:`, ...list(true)],
    [`${messages.leftOut}:`, ...list(false)],
  ];
}

function sensitiveBlock({ language, sensitive }: Agreement): readonly (readonly string[])[] {
  if (sensitive.length === 0) return [];
  const { receipt: messages } = wordsIn(language).consent;
  const lines = sensitive.map(({ label, basis, allowed }) => {
    return `- ${allowed ? messages.ticked(label, basis) : messages.unticked(label, basis)}`;
  });
  return [[`${messages.sensitive}:`, ...lines]];
}

function timeLines(agreement: Agreement): readonly string[] {
  const { language, earlierToo, term } = agreement;
  const { receipt: messages } = wordsIn(language).consent;
  const away = term.kind === 'rolling' ? messages.comesBack(term.days) : messages.no;
  return [
    `${messages.until}: ${untilOf(agreement)}`,
    `${messages.away}: ${away}`,
    ...(earlierToo ? [messages.earlier] : []),
  ];
}

function untilOf({ language, ends, term, timeZone }: Agreement): string {
  const { receipt: messages, term: terms } = wordsIn(language).consent;
  if (term.kind !== 'rolling') return terms.lengths[term.kind];
  return ends === null ? messages.untilStopped : messages.untilTime(minuteOf(language, ends, timeZone));
}
