import { parseJson, type RecordUser, readDirectoryEntries } from '../../fhir/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { toObservedValue } from './observation.ts';
import { findRecordResources } from './record-queries.ts';
import type { ResourceReader } from './resource-reader.ts';
import { formatReferences, resourceTitle } from './resource-titles.ts';

/** Maximum number of references whose names are loaded for one page. */
const MAX_REFERENCES = 2000;
const LITERAL_REFERENCE = /"reference"\s*:\s*"([A-Z][A-Za-z]{2,40}\/[0-9a-f-]{36})"/g;

const findReferences = (rows: readonly { content: string }[]): readonly string[] =>
  [
    ...new Set(
      rows.flatMap(({ content }) => [...content.matchAll(LITERAL_REFERENCE)].map(([, reference = '']) => reference)),
    ),
  ].slice(0, MAX_REFERENCES);

/**
 * Loads the display names of all resources to which the given rows refer, from the record and from the practice's
 * directory.
 */
export async function loadReferenceNames(
  { db }: Pick<PatientPortalDeps, 'db'>,
  accountRecord: RecordUser,
  rows: readonly { content: string }[],
  reader: ResourceReader,
): Promise<ResourceReader['names']> {
  const references = findReferences(rows);
  if (references.length === 0) return new Map();
  const recordResources = await findRecordResources(db, accountRecord, references);
  const directory = await readDirectoryEntries(db, accountRecord, references);
  const roles = directory.filter(({ type }) => type === 'PractitionerRole');
  const practitioners = roles.length === 0 ? [] : await readDirectoryEntries(db, accountRecord, findReferences(roles));
  const roleReader = { ...reader, names: namesByReference(practitioners, reader) };
  return new Map([
    ...namesByReference([...recordResources, ...directory], reader),
    ...namesByReference(roles, roleReader),
  ]);
}

function namesByReference(
  rows: readonly { readonly type: string; readonly id: string; readonly content: string }[],
  reader: ResourceReader,
): ResourceReader['names'] {
  return new Map(
    rows.flatMap(({ type, id, content }) => {
      const name = referenceTargetName(type, parseJson(content), reader);
      return name === undefined ? [] : [[`${type}/${id}`, name] as const];
    }),
  );
}

function referenceTargetName(type: string, resource: unknown, reader: ResourceReader): string | undefined {
  // A PractitionerRole is named after its practitioner, whose name is more useful than that of the role.
  if (type === 'PractitionerRole')
    return formatReferences(resource, 'practitioner', reader) ?? resourceTitle(resource, reader);
  if (type !== 'Observation') return resourceTitle(resource, reader);
  const one = toObservedValue(resource, reader);
  return one === undefined ? resourceTitle(resource, reader) : `${one.name}: ${one.value}`;
}
