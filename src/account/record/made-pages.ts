import { html } from 'ghtml';
import { ownDirectory, ownOfType, ownReferences, parseJson } from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import type { Place } from '../place.ts';
import { entriesOf, type Made } from './list-page.ts';
import { groupOf, observed } from './observation.ts';
import { entryList, nothingIn, sectionPage } from './page.ts';
import { aboutPatient, personInvolved } from './people.ts';
import { resultsPage } from './results-page.ts';
import { seriesOf } from './series.ts';
import { readerFor } from './values.ts';

/** Observations that are looked at for lines and tables. */
const MOST_OBSERVED = 3000;
const MOST_FAMILY = 100;

export async function aboutPage(deps: AccountDeps, place: Place): Promise<Made> {
  const found = await ownOfType(deps.db, place.whose, 'Patient', { limit: 5 });
  // Records that were merged into this one had each a Patient: who is used comes first.
  const isUsed = ({ id }: { readonly id: string }) => Number(id === place.record.patientId);
  const rows = [...found].sort((one, other) => isUsed(other) - isUsed(one));
  const entries = await entriesOf(deps, place, rows, aboutPatient);
  const content = entries.length === 0 ? nothingIn(place, 'about') : entryList(place, entries);
  return { html: sectionPage(place, { name: 'about', content }), counts: [['Patient', rows.length]] };
}

export async function peoplePage(deps: AccountDeps, place: Place): Promise<Made> {
  const { people: w } = place.words.own;
  const { db } = deps;
  const family = await ownOfType(db, place.whose, 'RelatedPerson', { limit: MOST_FAMILY });
  const directory = await ownDirectory(db, place.whose, await ownReferences(db, place.whose));
  const groups: readonly (readonly [string, readonly { content: string }[]])[] = [
    [w.family, family],
    [w.clinicians, directory.filter(({ type }) => type === 'Practitioner')],
    [w.places, directory.filter(({ type }) => type !== 'Practitioner')],
  ];
  const content: string[] = [];
  for (const [title, rows] of groups.filter((group) => group[1].length > 0)) {
    const entries = await entriesOf(deps, place, rows, personInvolved);
    content.push(html`<h2 class="group">${title}</h2>!${entryList(place, entries, 'h3')}`);
  }
  return {
    html: sectionPage(place, {
      name: 'people',
      content: content.length === 0 ? nothingIn(place, 'people') : content.join(''),
    }),
    counts: countsOf([...family, ...directory]),
  };
}

const countsOf = (rows: readonly { readonly type: string }[]): Made['counts'] => {
  const byType = Map.groupBy(rows, ({ type }) => type);
  return byType.size === 0 ? [['RelatedPerson', 0]] : [...byType].map(([type, own]) => [type, own.length]);
};

export type ObservedName = 'measurements' | 'results' | 'other';
export const OBSERVED: readonly ObservedName[] = ['measurements', 'results', 'other'];

export async function observedPage(name: ObservedName, { db }: AccountDeps, place: Place): Promise<Made> {
  const rows = await ownOfType(db, place.whose, 'Observation', { limit: MOST_OBSERVED + 1 });
  const reader = readerFor(place, place.words.own);
  const values = rows.slice(0, MOST_OBSERVED).flatMap(({ content }) => {
    const resource = parseJson(content);
    return groupOf(resource) === name ? (observed(resource, reader) ?? []) : [];
  });
  const cut = rows.length > MOST_OBSERVED ? MOST_OBSERVED : undefined;
  return {
    html: resultsPage(place, { name, series: seriesOf(values), cut }),
    counts: [['Observation', values.length]],
  };
}
