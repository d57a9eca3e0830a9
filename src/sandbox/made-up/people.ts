import type { MadeUpPerson } from '../../identity/index.ts';
import { type AccountId, derivedUuid } from '../../kernel/index.ts';

const person = (displayName: string, kind: MadeUpPerson['kind']): MadeUpPerson => ({
  accountId: derivedUuid('sandbox', `made-up person ${displayName}`) as AccountId,
  displayName,
  kind,
});

/** The people whose names appear in made-up data: one developer of each organization, and an administrator. */
export const MADE_UP_PEOPLE = {
  maya: person('Maya Torres', 'developer'),
  owen: person('Owen Blake', 'developer'),
  priya: person('Priya Nair', 'developer'),
  lena: person('Lena Ortiz', 'developer'),
  jordan: person('Jordan Reyes', 'staff'),
} as const;

export type MadeUpPersonKey = keyof typeof MADE_UP_PEOPLE;
