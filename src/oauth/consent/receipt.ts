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
  const { receipt: words, lines } = wordsIn(language).consent;
  const whose = whoseRecord(record);
  const blocks = [
    [receiptSubject(agreement)],
    appLines(agreement),
    [
      `${words.record}: ${words.at(record.personName, record.practiceName)}`,
      ...(whose === undefined ? [] : [words.actingFor(whose)]),
    ],
    ...kindBlocks(agreement),
    ...(agreement.groups.some(({ inParts }) => inParts) ? [[lines.several]] : []),
    ...(agreement.supporting ? [[lines.supporting]] : []),
    ...(agreement.identity === undefined ? [] : [[lines.identity[agreement.identity](whose)]]),
    ...sensitiveBlock(agreement),
    timeLines(agreement),
    [words.stop(account)],
    [
      `${words.agreed}: ${secondOf(language, at, timeZone)}`,
      `${words.wording}: ${WORDING}`,
      `${words.number}: ${grantId}`,
      `${words.technical}: ${scope}`,
    ],
  ];
  return `${blocks.map((block) => block.map((line) => plainLine(line)).join('\n')).join('\n\n')}\n`;
}

function appLines({ language, app, timeZone }: Agreement): readonly string[] {
  const { receipt: words } = wordsIn(language).consent;
  return [
    `${words.app}: ${app.name}`,
    `${words.address}: ${app.address}`,
    `${words.developer}: ${makerOf(app, words, (at) => dayOf(language, at, timeZone))}`,
    ...(app.selfRegistered ? [`${words.selfRegistered}: ${words.yes}`] : []),
  ];
}

function makerOf(
  { developer, verifiedAt }: AskingApp,
  words: Words['consent']['receipt'],
  dayOfIt: (at: Date) => string,
): string {
  if (developer === null) return words.unknown;
  return verifiedAt === null ? words.claimed(developer) : words.verified(developer, dayOfIt(verifiedAt));
}

/** A category is listed together with the name of its type. */
const isPart = (key: string): boolean => key.includes(':');

function kindBlocks({ language, groups, record }: Agreement): readonly (readonly string[])[] {
  const { receipt: words, lines: page } = wordsIn(language).consent;
  const items = groups.flatMap(({ heading, lines }) =>
    lines.map(({ key, label, ticked }) => ({
      ticked,
      text: heading !== undefined && isPart(key) ? `${heading}: ${label}` : label,
    })),
  );
  if (items.length === 0) return [[page.none(whoseRecord(record))]];
  const list = (ticked: boolean): readonly string[] => {
    const texts = items.filter((one) => one.ticked === ticked).map(({ text }) => `- ${text}`);
    return texts.length === 0 ? [`- ${words.nothing}`] : texts;
  };
  return [
    [`${words.allowed}:`, ...list(true)],
    [`${words.leftOut}:`, ...list(false)],
  ];
}

function sensitiveBlock({ language, sensitive }: Agreement): readonly (readonly string[])[] {
  if (sensitive.length === 0) return [];
  const { receipt: words } = wordsIn(language).consent;
  const lines = sensitive.map(({ label, basis, allowed }) => {
    return `- ${allowed ? words.ticked(label, basis) : words.unticked(label, basis)}`;
  });
  return [[`${words.sensitive}:`, ...lines]];
}

function timeLines(agreement: Agreement): readonly string[] {
  const { language, earlierToo, term } = agreement;
  const { receipt: words } = wordsIn(language).consent;
  const away = term.kind === 'rolling' ? words.comesBack(term.days) : words.no;
  return [`${words.until}: ${untilOf(agreement)}`, `${words.away}: ${away}`, ...(earlierToo ? [words.earlier] : [])];
}

function untilOf({ language, ends, term, timeZone }: Agreement): string {
  const { receipt: words, term: terms } = wordsIn(language).consent;
  if (term.kind !== 'rolling') return terms.lengths[term.kind];
  return ends === null ? words.untilStopped : words.untilTime(minuteOf(language, ends, timeZone));
}
