import { formatNumber, plural } from './plural.ts';

/** Texts for how a medicine is taken, where the prescriber's own words are missing. FHIR R4 Dosage. */
export const dosage = {
  dose: (dose: string) => `Dose: ${dose}`,
  asNeeded: 'as needed',
  moreDirections: 'the record has more directions',
  /**
   * Formats how often a medicine is taken, such as "2 times a day" or "once every 4 to 6 hours".
   * @param unit unit of time of FHIR R4 Timing, such as `d`
   * @param longest longest period, if it is a range
   */
  timing: (times: number, period: number, unit: string, longest?: number) => {
    const often = plural(times, { one: 'once', other: `${formatNumber(times)} times` });
    const [each = `per ${unit}`, other = unit] = TIME_UNITS[unit] ?? [];
    if (longest !== undefined) return `${often} every ${formatNumber(period)} to ${formatNumber(longest)} ${other}`;
    return period === 1 ? `${often} ${each}` : `${often} every ${formatNumber(period)} ${other}`;
  },
};

/** Texts of the units of time of FHIR R4 Timing: for each single one, and after a number of them. */
const TIME_UNITS: Readonly<Record<string, readonly [string, string]>> = {
  s: ['a second', 'seconds'],
  min: ['a minute', 'minutes'],
  h: ['an hour', 'hours'],
  d: ['a day', 'days'],
  wk: ['a week', 'weeks'],
  mo: ['a month', 'months'],
  a: ['a year', 'years'],
};
