import { LOCALES } from '../language.ts';
import { createPlural } from '../plural.ts';

/** 1,234 */
export const formatNumber = new Intl.NumberFormat(LOCALES.en).format;

export const plural = createPlural('en');

/** Returns the function that counts a noun: 1 app, 1,234 apps. */
export const counter =
  (one: string, other: string) =>
  (count: number): string =>
    `${formatNumber(count)} ${plural(count, { one, other })}`;
