import { LANGUAGES, type Language, LOCALES } from '../i18n/index.ts';
import { findSimilar, foldName } from '../kernel/index.ts';
import { AMERICAN_TIME_ZONES, isTimeZone, TIME_ZONES } from '../practices/index.ts';

/**
 * Large cities of the United States by time zone. Most of them have no time zone of their own in the IANA database. A
 * name that two cities share is listed with both.
 */
const AMERICAN_CITIES: Readonly<Record<string, readonly string[]>> = {
  'America/New_York': [
    ...['Atlanta', 'Baltimore', 'Boston', 'Charlotte', 'Cleveland', 'Columbus', 'Jacksonville', 'Miami', 'Orlando'],
    ...['Philadelphia', 'Pittsburgh', 'Portland', 'Raleigh', 'Tampa', 'Washington', 'Washington, DC'],
  ],
  'America/Chicago': [
    ...['Austin', 'Dallas', 'Houston', 'Kansas City', 'Memphis', 'Milwaukee', 'Minneapolis', 'Nashville'],
    ...['New Orleans', 'Oklahoma City', 'Omaha', 'San Antonio', 'St. Louis'],
  ],
  'America/Denver': ['Albuquerque', 'Colorado Springs', 'El Paso', 'Salt Lake City'],
  'America/Phoenix': ['Mesa', 'Tucson'],
  'America/Los_Angeles': [
    ...['Fresno', 'Las Vegas', 'Long Beach', 'Oakland', 'Portland', 'Sacramento', 'San Diego', 'San Francisco'],
    ...['San Jose', 'Seattle', 'Washington'],
  ],
  'America/Puerto_Rico': ['San Juan'],
};

/** Short names of time zones that `Intl` doesn't return in every season. */
const AMERICAN_NAMES: Readonly<Record<string, readonly string[]>> = {
  'America/New_York': ['Eastern', 'ET', 'EST', 'EDT'],
  'America/Chicago': ['Central', 'CT', 'CST', 'CDT'],
  'America/Denver': ['Mountain', 'MT', 'MST', 'MDT'],
  'America/Phoenix': ['Arizona', 'Arizona Time', 'MST'],
  'America/Los_Angeles': ['Pacific', 'PT', 'PST', 'PDT'],
  'America/Anchorage': ['Alaska', 'AKT', 'AKST', 'AKDT'],
  'Pacific/Honolulu': ['Hawaii', 'Hawaii Time', 'HT', 'HST'],
  'America/Puerto_Rico': ['Atlantic', 'Atlantic Time', 'AT', 'AST'],
};

/**
 * Returns the label of a time zone, for example "New York (Eastern Time)" or "Berlin (Europe/Berlin)". It begins with
 * the city, because people look for a city.
 * @param zone IANA name
 */
export function timeZoneLabel(language: Language, zone: string): string {
  const city = cityOf(zone);
  if (city === '') return zone;
  return `${city} (${AMERICAN_TIME_ZONES.includes(zone) ? zoneName(language, zone) : zone})`;
}

/** Returns the city of a time zone, or an empty text for UTC. */
const cityOf = (zone: string): string => zone.split('/').slice(1).reverse().join(', ').replaceAll('_', ' ');

/** Two times, so that both names of a time zone with daylight saving time are known. */
const JANUARY = Date.UTC(2026, 0, 1);
const JULY = Date.UTC(2026, 6, 1);

function zoneName(
  language: Language,
  zone: string,
  style: 'longGeneric' | 'long' = 'longGeneric',
  at = JANUARY,
): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], { timeZone: zone, timeZoneName: style });
  return format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}

/** Longest text that is compared with names that are spelled differently. */
const LONGEST_NAME = 40;

export interface FoundTimeZone {
  /** IANA name. undefined if the text isn't the name of exactly one time zone. */
  readonly zone: string | undefined;
  /** IANA names of at most three time zones that the text could mean. */
  readonly suggestions: readonly string[];
}

/**
 * Finds a time zone by its IANA name, its label, a city, or a name such as "Eastern Time", "EST" or "hora oriental".
 * Upper and lower case, accents and punctuation don't matter.
 */
export function findTimeZone(text: string): FoundTimeZone {
  if (isTimeZone(text.trim())) return { zone: text.trim(), suggestions: [] };
  const wanted = foldName(text);
  if (wanted === '') return { zone: undefined, suggestions: [] };
  const names = zonesByName();
  const meant = names.get(wanted) ?? [];
  if (meant.length === 1) return { zone: meant[0], suggestions: [] };
  const withWord = [...names].filter(([name]) => ` ${name}`.includes(` ${wanted}`)).flatMap(([, zones]) => zones);
  const similar = wanted.length > LONGEST_NAME ? undefined : findSimilar(wanted, [...names.keys()]);
  const [candidates = []] = [meant, withWord, names.get(similar ?? '') ?? []].filter((zones) => zones.length > 0);
  return { zone: undefined, suggestions: [...new Set(candidates)].slice(0, 3) };
}

let index: ReadonlyMap<string, readonly string[]> | undefined;

/** Returns the time zones that each normalized name means. American time zones come first. */
function zonesByName(): ReadonlyMap<string, readonly string[]> {
  if (index !== undefined) return index;
  const names = new Map<string, readonly string[]>();
  for (const zone of [...AMERICAN_TIME_ZONES, ...OTHER_TIME_ZONES])
    for (const name of new Set(namesOf(zone).map(foldName))) names.set(name, [...(names.get(name) ?? []), zone]);
  index = names;
  return names;
}

const OTHER_TIME_ZONES = TIME_ZONES.filter((zone) => !AMERICAN_TIME_ZONES.includes(zone));

function namesOf(zone: string): readonly string[] {
  const city = cityOf(zone);
  const shared = [zone, ...LANGUAGES.map((language) => timeZoneLabel(language, zone))];
  // "Knox, Indiana" is also found as "Knox".
  const cities = city === '' ? [] : [city, city.replace(/,.*/, '')];
  if (!AMERICAN_TIME_ZONES.includes(zone)) return [...shared, ...cities];
  const translated = LANGUAGES.flatMap((language) => [
    zoneName(language, zone),
    ...[JANUARY, JULY].map((at) => zoneName(language, zone, 'long', at)),
    ...cityLabels(language, zone),
  ]);
  return [...shared, ...cities, ...translated, ...(AMERICAN_CITIES[zone] ?? []), ...(AMERICAN_NAMES[zone] ?? [])];
}

/** Returns labels such as "Boston (Eastern Time)" for the other large cities of an American time zone. */
const cityLabels = (language: Language, zone: string): readonly string[] =>
  (AMERICAN_CITIES[zone] ?? []).map((city) => `${city} (${zoneName(language, zone)})`);

/**
 * Returns the labels of all time zones, for a list from which people choose. The time zones and large cities of the
 * United States come first.
 */
export function timeZoneChoices(language: Language): readonly string[] {
  const label = (zone: string): string => timeZoneLabel(language, zone);
  const byName = (one: string, other: string): number => one.localeCompare(other, 'en');
  return [
    ...AMERICAN_TIME_ZONES.map(label),
    ...AMERICAN_TIME_ZONES.flatMap((zone) => cityLabels(language, zone)).sort(byName),
    ...OTHER_TIME_ZONES.map(label).sort(byName),
  ];
}
