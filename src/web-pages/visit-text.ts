import { formatBirthDate, getMessages, type Language } from '../i18n/index.ts';
import type { LaunchEncounter } from '../oauth/index.ts';

/**
 * A visit in one line: "November 2, 2026, Office visit (planned)". The state of a visit that took place isn't said.
 */
export function visitText({ date, kind, state }: LaunchEncounter, language: Language): string {
  const { visitStates, noDate, visitOfNoKind } = getMessages(language).practicePortal.launcher;
  const isDay = date !== undefined && /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date));
  const day = isDay ? formatBirthDate(language, date) : (date ?? noDate);
  return `${day}, ${kind ?? visitOfNoKind}${state === 'finished' ? '' : ` (${visitStates[state]})`}`;
}
