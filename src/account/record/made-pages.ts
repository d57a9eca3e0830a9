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

/** Maximum number of observations read for charts and tables. */
const MOST_OBSERVED = 3000;
const MOST_FAMILY = 100;

export async function aboutPage(deps: AccountDeps, context: Place): Promise<Made> {
  const found = await ownOfType(deps.db, context.whose, 'Patient', { limit: 5 });
  // Records merged into this one keep their Patient resources. The Patient in use comes first.
  const isCurrent = ({ id }: { readonly id: string }) => Number(id === context.record.patientId);
  const rows = [...found].sort((one, other) => isCurrent(other) - isCurrent(one));
  const entries = await entriesOf(deps, context, rows, aboutPatient);
  const content = entries.length === 0 ? nothingIn(context, 'about') : entryList(context, entries);
  return { html: sectionPage(context, { name: 'about', content }), counts: [['Patient', rows.length]] };
}

export async function peoplePage(deps: AccountDeps, context: Place): Promise<Made> {
  const { people: w } = context.words.own;
  const { db } = deps;
  const family = await ownOfType(db, context.whose, 'RelatedPerson', { limit: MOST_FAMILY });
  const directory = await ownDirectory(db, context.whose, await ownReferences(db, context.whose));
  const groups: readonly (readonly [string, readonly { content: string }[]])[] = [
    [w.family, family],
    [w.clinicians, directory.filter(({ type }) => type === 'Practitioner')],
    [w.places, directory.filter(({ type }) => type !== 'Practitioner')],
  ];
  const content: string[] = [];
  for (const [title, rows] of groups.filter((group) => group[1].length > 0)) {
    const entries = await entriesOf(deps, context, rows, personInvolved);
    content.push(html`<h2 class="group">${title}</h2>!${entryList(context, entries, 'h3')}`);
  }
  return {
    html: sectionPage(context, {
      name: 'people',
      content: content.length === 0 ? nothingIn(context, 'people') : content.join(''),
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

export async function observedPage(name: ObservedName, { db }: AccountDeps, context: Place): Promise<Made> {
  const rows = await ownOfType(db, context.whose, 'Observation', { limit: MOST_OBSERVED + 1 });
  const reader = readerFor(context, context.words.own);
  const values = rows.slice(0, MOST_OBSERVED).flatMap(({ content }) => {
    const resource = parseJson(content);
    return groupOf(resource) === name ? (observed(resource, reader) ?? []) : [];
  });
  const truncatedAt = rows.length > MOST_OBSERVED ? MOST_OBSERVED : undefined;
  return {
    html: resultsPage(context, { name, series: seriesOf(values), cut: truncatedAt }),
    counts: [['Observation', values.length]],
  };
}
