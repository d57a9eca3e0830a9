import { sameBytes, sha256 } from '../../kernel/index.ts';
import type { Chart } from '../contract.ts';
import { readSixDigits } from '../invitation/codes.ts';
import { dateOf } from './read-date.ts';

/** Answers as typed to verify the person's identity. */
export interface Typed {
  readonly month: string;
  readonly day: string;
  readonly year: string;
  readonly zip: string;
  readonly code: string;
}

export interface Answers {
  /** ISO 8601 date. */
  readonly birthDate: string;
  readonly postalCode: string;
  readonly code: string;
}

export type UnreadableAnswer = 'birth-date' | 'zip' | 'code';

/**
 * Parses the answers, or returns the names of those that can't be valid. Such answers are reported as unreadable and
 * not counted, because they reveal nothing about the chart.
 */
export function readAnswers(typed: Typed): Answers | readonly UnreadableAnswer[] {
  const birthDate = dateOf(digits(typed.year), digits(typed.month), digits(typed.day));
  const postalCode = /^\s*(\d{5})(?:[-\s]?\d{4})?\s*$/.exec(typed.zip.normalize('NFKC'))?.[1];
  const code = readSixDigits(typed.code);
  if (birthDate !== undefined && postalCode !== undefined && code !== undefined) return { birthDate, postalCode, code };
  const unreadable: readonly (readonly [UnreadableAnswer, unknown])[] = [
    ['birth-date', birthDate],
    ['zip', postalCode],
    ['code', code],
  ];
  return unreadable.filter(([, value]) => value === undefined).map(([name]) => name);
}

/** Hash that identifies a wrong answer when it is sent again. */
export const hashOfAnswers = (invitationId: string, { birthDate, postalCode, code }: Answers): Buffer =>
  sha256(['answers', invitationId, birthDate, postalCode, code].join('\u0000'));

const digits = (text: string): string => text.normalize('NFKC').trim();

/** Compares both values at once in constant time, so that timing doesn't reveal which one is wrong. */
export const areOfChart = ({ birthDate, postalCode }: Answers, chart: Chart): boolean =>
  chart.birthDate !== undefined &&
  chart.postalCode !== undefined &&
  sameBytes(sha256(`${birthDate} ${postalCode}`), sha256(`${chart.birthDate} ${chart.postalCode}`));
