import { LOCALES } from '../language.ts';
import { createPlural } from '../plural.ts';

/** Formats a number, for example as 1,234. */
export const formatNumber = new Intl.NumberFormat(LOCALES.es).format;

export const plural = createPlural('es');

/**
 * Returns a function that writes a number with its noun, such as "1 aplicación", "1,234 aplicaciones" and "1,000,000 de
 * aplicaciones".
 */
export const counter =
  (one: string, other: string) =>
  (count: number): string =>
    `${formatNumber(count)} ${plural(count, { one, many: `de ${other}`, other })}`;
