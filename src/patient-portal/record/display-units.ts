/** Readable forms of UCUM unit codes, which are meant for machines. */
const DISPLAY_UNITS: Readonly<Record<string, string>> = {
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

/** Returns the readable form of a unit. A unit for which there is none is returned unchanged, up to 40 characters. */
export const toDisplayUnit = (unit: string): string =>
  Object.hasOwn(DISPLAY_UNITS, unit) ? (DISPLAY_UNITS[unit] ?? '') : unit.slice(0, 40);
