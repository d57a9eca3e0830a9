import type { Messages } from '../../i18n/index.ts';
import { isObject } from '../../kernel/index.ts';
import { sanitizeText } from '../sanitize-text.ts';
import { toSuperscript } from './decimal.ts';
import { parseUcum, type UnitPart, type UnitTerm } from './ucum.ts';
import { DOSE_FORMS, KEEPS_MICRO_SIGN, NO_UNIT, PREFIXES, SPELLINGS, type UnitWord } from './ucum-atoms.ts';
import { isNameOfUnit } from './unit-names.ts';

export type UnitMessages = Messages['patientPortal']['patientRecord']['values']['units'];

/** Maximum number of characters of a unit that is shown as the sender wrote it. */
const MAX_LENGTH = 40;
const UCUM_SYSTEM = /^(?:https?:\/\/unitsofmeasure\.org\/?|urn:oid:2\.16\.840\.1\.113883\.6\.8)$/;

/**
 * Returns the unit of a Quantity in readable form, without periods, as the ISMP List of Error-Prone Abbreviations
 * recommends: mcg, units, mL. The UCUM code decides if the sender's text is another spelling or a name of its unit.
 * Any other text is shown: a different unit, a dose form, or words that say more than the code. Clinicians saw the text,
 * so it is more likely correct. It is also shown if there is no such code, or if the code only annotates a number.
 * @param number the number as displayed, if the unit follows it; it decides between "day" and "days"
 */
export function formatUnit(quantity: unknown, messages: UnitMessages, number?: string): string {
  if (!isObject(quantity)) return '';
  const [sent, code, system] = [toText(quantity['unit']), toText(quantity['code']), toText(quantity['system'])];
  const format: UnitFormat = { messages, isOne: number === '1' };
  const form = doseForm(sent === '' ? code : sent);
  if (form !== undefined) return unitWord(form, format);
  const sentUnit = sent === '' ? undefined : parseSpelling(sent);
  const ucum = UCUM_SYSTEM.test(system) && code !== '' ? parseSpelling(code) : undefined;
  if (ucum !== undefined && !isCount(ucum)) {
    const saysMore =
      sentUnit === undefined ? sent !== '' && !isNoUnit(sent) && !isNameOfUnit(sent, code) : !isNumber(sentUnit);
    const sentText = sentUnit === undefined ? cleanText(sent) : renderUnit(sentUnit, format);
    return saysMore && sentText !== '' ? sentText : renderUnit(ucum, format);
  }
  if (sentUnit !== undefined && (sent !== 'a' || UCUM_SYSTEM.test(system))) return renderUnit(sentUnit, format);
  if (sent !== '') return isNoUnit(sent) ? '' : cleanText(sent);
  return renderCodeAlone(code, format);
}

interface UnitFormat {
  readonly messages: UnitMessages;
  /** Whether the unit follows the number 1. */
  readonly isOne: boolean;
}

const toText = (value: unknown): string => (typeof value === 'string' ? sanitizeText(value, 80) : '');

const withoutBraces = (text: string): string => text.replace(/^\{(.*)\}$/, '$1').toLowerCase();
const isNoUnit = (text: string): boolean => NO_UNIT.includes(withoutBraces(text));

/** A unit as the sender wrote it. ISMP: micro is written mc, because µ is mistaken for m. */
const cleanText = (text: string): string =>
  text
    .replace(/^# /, '')
    .replaceAll(/(?<![A-Za-z])[uµμ](?=(?:g|[lL]|mol)(?![A-Za-z]))/g, 'mc')
    .slice(0, MAX_LENGTH);

function doseForm(text: string): UnitWord | undefined {
  const word = withoutBraces(text);
  return Object.hasOwn(DOSE_FORMS, word) ? DOSE_FORMS[word] : undefined;
}

/** Whether a unit is only a number or an annotation, such as 1 or {score}. */
const isCount = (term: UnitTerm): boolean =>
  term.length === 1 && term.every(({ part }) => part.kind === 'annotation' || part.kind === 'number');
const isNumber = (term: UnitTerm): boolean => term.length === 1 && term.every(({ part }) => part.kind === 'number');

/** A code without a text. Digits aren't a unit that anyone could read, so the page says that it is a code. */
function renderCodeAlone(code: string, format: UnitFormat): string {
  const unit = parseUcum(code);
  if (unit !== undefined && (!/^\d+$/.test(code) || code === '1')) return renderUnit(unit, format);
  if (/^\d+$/.test(code)) return format.messages.code(code);
  return isNoUnit(code) ? '' : code.slice(0, MAX_LENGTH);
}

/**
 * Parses a unit as people write it: "x10^9/L", "mmHg", "mL/min/1.73 m²". Returns undefined if the text isn't UCUM, also
 * after common spellings are replaced.
 */
export function parseSpelling(text: string): UnitTerm | undefined {
  const plain = text
    // Alone, the sign isn't a unit, and must not be taken for the u of "units".
    .replaceAll(/[µμ](?=[A-Za-z[])/g, 'u')
    .replaceAll('²', '2')
    .replaceAll('³', '3')
    .replaceAll(/\s*\/\s*/g, '/')
    .replace(/\/\{?1\.73[ .]?(?:_?m\^?2|sq ?m)\}?/, '/{1.73_m2}')
    .replace(/^[x×]?\s*10\s*[*^eE]\s*(\d+)(?=\/)/, '10*$1')
    .replace(/^[kK](?=\/[um]c?L$)/, '10*3')
    .replace(/^M(?=\/[um]c?L$)/, '10*6')
    .replaceAll(/(?<=\b[cm]?m)\^(?=[23])/g, '');
  const ucum = plain
    .split('/')
    .map((part) => (Object.hasOwn(SPELLINGS, part) ? SPELLINGS[part] : part))
    .join('/');
  return parseUcum(ucum);
}

function renderUnit(term: UnitTerm, format: UnitFormat): string {
  const { messages } = format;
  const hasNumerator = term.some(({ operator, part }) => operator !== '/' && renderPart(part, format, 'above') !== '');
  if (hasNumerator) return renderRatio(term, format) ?? renderTerm(term, format, 'above');
  const [divisor, ...more] = term.filter(({ operator }) => operator === '/');
  if (divisor === undefined) return '';
  const per = messages.per(renderPart(divisor.part, format, 'alone'));
  return more.length === 0 ? per : `${per}/${renderTerm(more, format, 'below').replace(/^\//, '')}`;
}

/**
 * Renders a ratio with "per" if both units are words, such as "days per week", or if the second one has a number, such
 * as "m per 6 min". undefined for any other unit.
 */
function renderRatio(term: UnitTerm, format: UnitFormat): string | undefined {
  const [above, below] = term;
  if (term.length !== 2 || below?.operator !== '/') return undefined;
  if (below.part.kind === 'term' && below.part.operands[0]?.part.kind === 'number')
    return `${renderTerm(term.slice(0, 1), format, 'above')} ${format.messages.per(renderTerm(below.part.operands, format, 'below'))}`;
  const isWord = (part: UnitPart | undefined) => part?.kind === 'atom' && part.prefix === '' && 'word' in part.atom;
  if (!isWord(above?.part) || !isWord(below.part)) return undefined;
  return `${renderTerm(term.slice(0, 1), format, 'above')} ${format.messages.per(renderPart(below.part, format, 'alone'))}`;
}

/** Where a part of a unit stands: above or below the fraction line, or alone after "per". */
type Place = 'above' | 'below' | 'alone';

function renderTerm(term: UnitTerm, format: UnitFormat, place: Place): string {
  let text = '';
  let isAfterNumber = false;
  for (const { operator, part } of term) {
    const rendered = renderPart(part, format, operator === '/' ? 'below' : place);
    if (rendered === '') continue;
    const between = operator === '/' ? '/' : text === '' ? '' : isAfterNumber ? ' ' : '·';
    text += `${between}${rendered}`;
    isAfterNumber = part.kind === 'number';
  }
  return text;
}

function renderPart(part: UnitPart, format: UnitFormat, place: Place): string {
  switch (part.kind) {
    case 'number':
      return part.text === '1' ? '' : part.text;
    case 'power':
      return `${place === 'above' ? '×' : ''}10${toSuperscript(part.exponent)}`;
    case 'annotation':
      return renderAnnotation(part.text, place);
    case 'term':
      return renderGroup(part.operands, format, place);
    case 'atom':
      return `${renderAtom(part, format, place)}${toSuperscript(part.exponent)}`;
  }
}

function renderGroup(operands: UnitTerm, format: UnitFormat, place: Place): string {
  const text = renderTerm(operands, format, place);
  return operands.length === 1 ? text : `(${text})`;
}

/** Nouns that the name of the test already has, as in {beats}/min. */
const COUNTED = ['beats', 'breaths', 'counts', 'score', 'nominal'];

function renderAnnotation(text: string, place: Place): string {
  if (/^1\.73[ _.]?(?:m2|sq\.?m)$/.test(text)) return '1.73 m²';
  if (isNoUnit(text) || (place === 'above' && COUNTED.includes(text))) return '';
  return sanitizeText(text.replaceAll('_', ' '), MAX_LENGTH);
}

function renderAtom(part: UnitPart & { kind: 'atom' }, format: UnitFormat, place: Place): string {
  const { prefix, atom } = part;
  const { messages } = format;
  if ('symbol' in atom) {
    const micro = KEEPS_MICRO_SIGN.includes(atom.symbol) ? 'µ' : 'mc';
    return `${prefix === 'u' ? micro : (PREFIXES[prefix] ?? '')}${atom.symbol}`;
  }
  if (atom.word === 'second' && prefix !== '') return `${prefix === 'u' ? 'µ' : prefix}s`;
  // In a compound such as mL/min, the symbols of these units are the usual ones in both languages.
  if (place === 'below' && atom.word === 'minute') return 'min';
  if (place === 'below' && atom.word === 'second') return 's';
  // "1 thousand units" is always plural.
  const isOne = prefix !== 'k' && prefix !== 'M' && (place !== 'above' || format.isOne);
  const word = unitWord(atom.word, { messages, isOne });
  return prefix === '' ? word : `${messages.prefixes[prefix] ?? prefix}${word}`;
}

const unitWord = (word: UnitWord, { messages, isOne }: UnitFormat): string =>
  messages.words[word][isOne ? 'one' : 'other'];
