import { LOCALES } from '../language.ts';
import { createPlural } from '../plural.ts';

/** Formats a number, for example as 1,234. */
export const formatNumber = new Intl.NumberFormat(LOCALES.en).format;

export const plural = createPlural('en');

/** Returns a function that writes a number with its noun, such as "1 app" and "1,234 apps". */
export const counter =
  (one: string, other: string) =>
  (count: number): string =>
    `${formatNumber(count)} ${plural(count, { one, other })}`;
