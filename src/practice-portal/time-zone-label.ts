import { type Language, LOCALES } from '../i18n/index.ts';
import { AMERICAN_TIME_ZONES } from '../practices/index.ts';

/**
 * Returns the label of a time zone, for example "New York (Eastern Time)" or "Berlin (Europe/Berlin)". It begins with
 * the city, so that typing the city in a list selects it.
 * @param zone IANA name
 */
export function timeZoneLabel(language: Language, zone: string): string {
  const city = zone.split('/').slice(1).reverse().join(', ').replaceAll('_', ' ');
  if (city === '') return zone;
  return `${city} (${AMERICAN_TIME_ZONES.includes(zone) ? zoneName(language, zone) : zone})`;
}

function zoneName(language: Language, zone: string): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], { timeZone: zone, timeZoneName: 'longGeneric' });
  return format.formatToParts().find(({ type }) => type === 'timeZoneName')?.value ?? zone;
}
