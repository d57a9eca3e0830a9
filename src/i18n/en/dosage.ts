import { formatNumber, plural } from './plural.ts';

/** Texts for how a medicine is taken, where the prescriber's own words are missing. FHIR R4 Dosage. */
export const dosage = {
  dose: (dose: string) => `Dose: ${dose}`,
  asNeeded: 'as needed',
  moreDirections: 'the record has more directions',
  /**
   * How often a medicine is taken, such as "2 times every day".
   * @param unit unit of time of FHIR R4 Timing
   * @param longest longest period, if it is a range
   */
  timing: (times: number, period: number, unit: string, longest?: number) => {
    const often = plural(times, { one: '1 time', other: `${formatNumber(times)} times` });
    const [one = unit, other = unit] = TIME_UNITS[unit] ?? [];
    if (longest !== undefined) return `${often} every ${formatNumber(period)} to ${formatNumber(longest)} ${other}`;
    return period === 1 ? `${often} every ${one}` : `${often} every ${formatNumber(period)} ${other}`;
  },
};

/** Units of time of FHIR R4 Timing, in the singular and the plural. */
const TIME_UNITS: Readonly<Record<string, readonly [string, string]>> = {
  s: ['second', 'seconds'],
  min: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
  wk: ['week', 'weeks'],
  mo: ['month', 'months'],
  a: ['year', 'years'],
};
