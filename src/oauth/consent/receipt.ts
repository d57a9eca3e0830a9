import { type GrantId, plainLine } from '../../kernel/index.ts';
import { dayOf, type Language, minuteOf, secondOf, type Words, wordsIn } from '../../words/index.ts';
import type { AccessTerm, AskingApp, ConsentGroup, Identity, ShareableRecord } from '../ports.ts';
import { WORDING } from './wording.ts';

/** What a person agreed to, in the words they were asked with. */
export interface Agreement {
  readonly language: Language;
  readonly app: AskingApp;
  readonly record: ShareableRecord;
  /** Each line there was; ticked: allowed. */
  readonly groups: readonly ConsentGroup[];
  readonly supporting: boolean;
  readonly sensitive: readonly { readonly label: string; readonly basis: string; readonly allowed: boolean }[];
  /** As the person chose; null: until it is stopped. */
  readonly ends: Date | null;
  /** How long access lasts unless that is sooner. */
  readonly term: AccessTerm;
  /** What it learns of the person, whatever was ticked. */
  readonly identity: Identity;
  /** It holds for what was allowed before, too. */
  readonly earlierToo: boolean;
  readonly at: Date;
  /** IANA */
  readonly timeZone: string;
  /** Where the person stops it. */
  readonly account: string;
  readonly scope: string;
  readonly grantId: GrantId;
}

/** Name of the person that somebody acts for; undefined: the record is their own. */
export const whoseRecord = ({ relation, personName }: ShareableRecord): string | undefined =>
  relation === 'representative' ? personName : undefined;

export const receiptSubject = ({ language, app, record }: Agreement): string =>
  wordsIn(language).consent.receipt.subject(app.name, whoseRecord(record));

/** Plain text, which says all of it to somebody who has nothing else. No name in it begins a line of its own. */
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

/** A category of a type needs the name of what it is a part of. */
const isPart = (key: string): boolean => key.includes(':');

function kindBlocks({ language, groups, record }: Agreement): readonly (readonly string[])[] {
  const { receipt: words, lines: page } = wordsIn(language).consent;
  const named = groups.flatMap(({ heading, lines }) =>
    lines.map(({ key, label, ticked }) => ({
      ticked,
      text: heading !== undefined && isPart(key) ? `${heading}: ${label}` : label,
    })),
  );
  if (named.length === 0) return [[page.none(whoseRecord(record))]];
  const list = (ticked: boolean): readonly string[] => {
    const texts = named.filter((one) => one.ticked === ticked).map(({ text }) => `- ${text}`);
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
