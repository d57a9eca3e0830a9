import { type Holder, ownDirectory, parseJson } from '../../fhir/index.ts';
import type { AccountDeps } from '../deps.ts';
import { observed } from './observation.ts';
import { ownResources } from './own-resources.ts';
import { referred, titleOf } from './titles.ts';
import type { Reader } from './values.ts';

/** Maximum number of references resolved for one page. */
const MOST = 2000;
const REFERENCE = /"reference"\s*:\s*"([A-Z][A-Za-z]{2,40}\/[0-9a-f-]{36})"/g;

const referencesIn = (rows: readonly { content: string }[]): readonly string[] =>
  [
    ...new Set(rows.flatMap(({ content }) => [...content.matchAll(REFERENCE)].map(([, reference = '']) => reference))),
  ].slice(0, MOST);

/** Loads the display names of the resources that the rows refer to, in the record and in the practice's directory. */
export async function namesFor(
  { db }: Pick<AccountDeps, 'db'>,
  accountRecord: Holder,
  rows: readonly { content: string }[],
  reader: Reader,
): Promise<Reader['names']> {
  const references = referencesIn(rows);
  if (references.length === 0) return new Map();
  const recordResources = await ownResources(db, accountRecord, references);
  const directory = await ownDirectory(db, accountRecord, references);
  const roles = directory.filter(({ type }) => type === 'PractitionerRole');
  const practitioners = roles.length === 0 ? [] : await ownDirectory(db, accountRecord, referencesIn(roles));
  const roleReader = { ...reader, names: named(practitioners, reader) };
  return new Map([...named([...recordResources, ...directory], reader), ...named(roles, roleReader)]);
}

function named(
  rows: readonly { readonly type: string; readonly id: string; readonly content: string }[],
  reader: Reader,
): Reader['names'] {
  return new Map(
    rows.flatMap(({ type, id, content }) => {
      const name = nameOfType(type, parseJson(content), reader);
      return name === undefined ? [] : [[`${type}/${id}`, name] as const];
    }),
  );
}

function nameOfType(type: string, resource: unknown, reader: Reader): string | undefined {
  // A practitioner's name is more useful than the name of the role.
  if (type === 'PractitionerRole') return referred(resource, 'practitioner', reader) ?? titleOf(resource, reader);
  if (type !== 'Observation') return titleOf(resource, reader);
  const one = observed(resource, reader);
  return one === undefined ? titleOf(resource, reader) : `${one.name}: ${one.value}`;
}
