import { constantTimeEqual, sha256 } from '../../kernel/index.ts';
import type { PatientChart } from '../contract.ts';
import { parseVerificationCode } from '../invitation/codes.ts';
import { toIsoDate } from './read-date.ts';

/** Answers to the identity questions, as the person typed them. */
export interface TypedAnswers {
  readonly month: string;
  readonly day: string;
  readonly year: string;
  readonly zip: string;
  readonly code: string;
}

export interface IdentityAnswers {
  /** Birth date as ISO 8601 date. */
  readonly birthDate: string;
  readonly postalCode: string;
  readonly code: string;
}

export type UnreadableAnswer = 'birth-date' | 'zip' | 'code';

/**
 * Parses the answers to the identity questions. Returns the names of answers that can't be valid, such as a month 13.
 * Such answers aren't counted as wrong, because rejecting them reveals nothing about the chart.
 */
export function parseAnswers(typed: TypedAnswers): IdentityAnswers | readonly UnreadableAnswer[] {
  const birthDate = toIsoDate(toDigits(typed.year), toDigits(typed.month), toDigits(typed.day));
  const postalCode = /^\s*(\d{5})(?:[-\s]?\d{4})?\s*$/.exec(typed.zip.normalize('NFKC'))?.[1];
  const code = parseVerificationCode(typed.code);
  if (birthDate !== undefined && postalCode !== undefined && code !== undefined) return { birthDate, postalCode, code };
  const unreadable: readonly (readonly [UnreadableAnswer, unknown])[] = [
    ['birth-date', birthDate],
    ['zip', postalCode],
    ['code', code],
  ];
  return unreadable.filter(([, value]) => value === undefined).map(([name]) => name);
}

/** Returns a hash that identifies the same wrong answers when they are sent again. */
export const hashAnswers = (invitationId: string, { birthDate, postalCode, code }: IdentityAnswers): Buffer =>
  sha256(['answers', invitationId, birthDate, postalCode, code].join('\u0000'));

const toDigits = (text: string): string => text.normalize('NFKC').trim();

/**
 * Compares birth date and ZIP code with the chart, both at once in constant time, so that timing doesn't reveal which
 * one is wrong.
 */
export const matchChart = ({ birthDate, postalCode }: IdentityAnswers, chart: PatientChart): boolean =>
  chart.birthDate !== undefined &&
  chart.postalCode !== undefined &&
  constantTimeEqual(sha256(`${birthDate} ${postalCode}`), sha256(`${chart.birthDate} ${chart.postalCode}`));
