import { isObject, toSingleLine } from '../../kernel/index.ts';
import { elementsAt } from '../store/index/elements.ts';

/** Maximum number of characters of a displayed name. */
const MAX_NAME_LENGTH = 200;

/** Values of HumanName.use (FHIR R4 name-use), the name to show first. A name without a use comes after the usual name. */
const USES_BY_RANK = ['official', 'usual', undefined, 'temp', 'nickname', 'anonymous'];
/** Rank of former names: use `old` or `maiden`, or a period that has an end. */
const FORMER = USES_BY_RANK.length;

/** Courtesy titles, which aren't part of a name. Other prefixes, such as Dr. and Rev., are shown. */
const COURTESY_TITLES = ['mr', 'mrs', 'ms', 'miss', 'mx', 'master', 'sr', 'sra', 'srta', 'señor', 'señora', 'señorita'];
/** Other prefixes that people write in front of a name. */
const PROFESSIONAL_TITLES = ['dr', 'dra', 'prof', 'rev', 'fr', 'hon', 'capt', 'sgt', 'lt', 'col'];
/** Suffixes that people write after a name. */
const SUFFIXES = [
  'jr',
  'sr',
  'ii',
  'iii',
  'iv',
  'md',
  'do',
  'phd',
  'dds',
  'dmd',
  'rn',
  'np',
  'pa',
  'pharmd',
  'esq',
  'jd',
];
/** Suffixes without a comma before them: numerals of a generation. */
const GENERATION_NUMERAL = /^(?:[IVX]+|\d+(?:st|nd|rd|th))$/;

/**
 * Returns the text of a person's current name. This is the only function that turns a HumanName into text, so a person
 * has the same name on all pages.
 * @param resource Patient, RelatedPerson, Practitioner, or any resource whose `name` is a HumanName
 */
export const personName = (resource: unknown): string | undefined => formatHumanName(chooseHumanName(resource));

/**
 * Chooses the name to show: the official name, otherwise the usual one. A former name is chosen only if there is no
 * other one. Names without any text are ignored.
 */
export function chooseHumanName(resource: unknown): unknown {
  const names = elementsAt(resource, 'name').filter((name) => formatHumanName(name) !== undefined);
  return names.toSorted((one, other) => rank(one) - rank(other))[0];
}

function rank(name: unknown): number {
  const { use, period } = isObject(name) ? name : {};
  if (isObject(period) && period['end'] !== undefined) return FORMER;
  const found = USES_BY_RANK.indexOf(use as string | undefined);
  return found === -1 ? FORMER : found;
}

/**
 * Formats a HumanName from its parts, without courtesy titles: "Joan Ada Stone, PhD". Uses HumanName.text only if the
 * given or the family name is missing, because systems write that text in different orders, such as "STONE, JOAN".
 */
export function formatHumanName(name: unknown): string | undefined {
  const [given, family] = [namePart(name, 'given'), namePart(name, 'family')];
  const [text] = namePart(name, 'text');
  if (text !== undefined && (given.length === 0 || family.length === 0)) return toSingleLine(text, MAX_NAME_LENGTH);
  const titles = namePart(name, 'prefix').filter((title) => !COURTESY_TITLES.includes(toWord(title)));
  const parts = given.length + family.length === 0 ? [] : [...titles, ...given, ...family];
  const suffixes = namePart(name, 'suffix').map((suffix) =>
    GENERATION_NUMERAL.test(suffix) ? ` ${suffix}` : `, ${suffix}`,
  );
  return parts.length === 0 ? undefined : toSingleLine(`${parts.join(' ')}${suffixes.join('')}`, MAX_NAME_LENGTH);
}

/** Returns the texts of one part of a HumanName, such as its given names. */
export const namePart = (name: unknown, part: 'given' | 'family' | 'prefix' | 'suffix' | 'text'): readonly string[] =>
  elementsAt(name, part).flatMap((text) => {
    const line = typeof text === 'string' ? toSingleLine(text, MAX_NAME_LENGTH) : '';
    return line === '' ? [] : [line];
  });

const toWord = (text: string): string => text.toLowerCase().replaceAll('.', '').trim();

/** Removes titles before a name and suffixes after it from a name that is one text: "Dr. Jo Stone, Jr." gives "Jo Stone". */
export function withoutTitles(name: string): string {
  const words = name.split(/[\s,]+/).filter((word) => word !== '');
  const isTitle = (word: string) => [...COURTESY_TITLES, ...PROFESSIONAL_TITLES].includes(toWord(word));
  const first = words.findIndex((word) => !isTitle(word));
  const last = words.findLastIndex((word) => !SUFFIXES.includes(toWord(word)));
  return first === -1 || last < first ? words.join(' ') : words.slice(first, last + 1).join(' ');
}
