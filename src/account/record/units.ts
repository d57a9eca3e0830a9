/** UCUM is for machines: the units of it that people write in another way. */
const UNITS: Readonly<Record<string, string>> = {
  '1': '',
  '{score}': '',
  '[pH]': '',
  'mm[Hg]': 'mmHg',
  'mm Hg': 'mmHg',
  Cel: '°C',
  '[degF]': '°F',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
  '/min': 'per minute',
  '{beats}/min': 'per minute',
  '{breaths}/min': 'per minute',
  'kg/m2': 'kg/m²',
};

/** What has no other spelling here stays as it came. */
export const unitText = (unit: string): string =>
  Object.hasOwn(UNITS, unit) ? (UNITS[unit] ?? '') : unit.slice(0, 40);
