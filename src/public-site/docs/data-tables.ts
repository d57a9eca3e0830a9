import { dstu2, type FhirVersion, r4, type ServedType } from '../../fhir/index.ts';
import { codes, escapeMarkdown, table } from './table.ts';

type ServedParameter = ServedType['parameters'][number];

const versions: readonly (readonly [string, FhirVersion])[] = [
  ['R4', r4],
  ['DSTU2', dstu2],
];

/** Returns the R4 names of all resource types that either FHIR version serves. Resources are stored as R4. */
const storedTypes = (): readonly string[] => [
  ...new Set(versions.flatMap(([, { types }]) => types.map((type) => type.stored))),
];

/**
 * Returns the types that a FHIR version serves from one stored R4 type. There may be several: for
 * example, DSTU2 serves MedicationOrder and MedicationStatement from MedicationRequest.
 */
const servedTypesOf = ({ types }: FhirVersion, name: string): readonly ServedType[] =>
  types.flatMap((type) => [type, ...(type.variants ?? [])]).filter((type) => type.stored === name);

const servedNames = (version: FhirVersion, name: string): readonly string[] => [
  ...new Set(servedTypesOf(version, name).map((type) => type.name)),
];

/**
 * Builds the table of all resource types: their names in R4 and DSTU2, and whether they belong to a
 * patient record or to the practice's directory.
 */
export function typesTable(): string {
  const rows = storedTypes().map((name) => {
    const [own] = versions.flatMap(([, version]) => servedTypesOf(version, name));
    return [
      ...versions.map(([, version]) => codes(servedNames(version, name)) || 'not served'),
      own?.compartment === 'record' ? 'record' : 'directory',
      own?.compartment === 'record' && own.stored !== 'Provenance' ? 'R4' : 'no',
    ];
  });
  return table(['R4', 'DSTU2', 'Stored in', 'Provenance'], rows);
}

/** Builds a heading and a table for each resource type, with its search parameters in R4 and DSTU2 side by side. */
export function parameterTables(): string {
  return storedTypes()
    .map((name) => {
      const names = new Set(versions.flatMap(([, version]) => servedNames(version, name)));
      const lists = versions.map(([, version]) => servedTypesOf(version, name).flatMap(({ parameters }) => parameters));
      return `### ${[...names].join(' / ')}\n\n${parameterTable(lists)}`;
    })
    .join('\n\n');
}

function parameterTable(lists: readonly (readonly ServedParameter[])[]): string {
  const keys = [...new Set(lists.flat().map(parameterKey))];
  const rows = keys.map((key) => {
    const own = lists.map((list) => list.filter((parameter) => parameterKey(parameter) === key));
    const [first] = own.flat();
    return [
      ...own.map((list) => codes([...new Set(list.map(({ name }) => name))])),
      parameterKind(first),
      escapeMarkdown(first?.documentation ?? ''),
    ];
  });
  return table(['R4', 'DSTU2', 'Type', 'Description'], rows);
}

/**
 * Returns the key that equivalent search parameters of R4 and DSTU2 share. Parameters with the same
 * search index find the same resources, even if their names differ.
 */
const parameterKey = (parameter: ServedParameter): string =>
  'index' in parameter ? `${parameter.kind} ${parameter.index}` : parameter.name;

const parameterKind = (parameter: ServedParameter | undefined): string =>
  parameter?.kind === 'patient' ? 'reference' : (parameter?.kind ?? '');
