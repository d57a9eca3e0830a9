import { dstu2, type FhirVersion, r4, type ServedType } from '../../fhir/index.ts';
import { codes, plain, table } from './table.ts';

type Parameter = ServedType['parameters'][number];

const versions: readonly (readonly [string, FhirVersion])[] = [
  ['R4', r4],
  ['DSTU2', dstu2],
];

/** All types, by their stored (R4) name. */
const stored = (): readonly string[] => [
  ...new Set(versions.flatMap(([, { types }]) => types.map((type) => type.stored))),
];

/** The types that a version serves from one stored type. */
const servedAs = ({ types }: FhirVersion, name: string): readonly ServedType[] =>
  types.flatMap((type) => [type, ...(type.also ?? [])]).filter((type) => type.stored === name);

const namesIn = (version: FhirVersion, name: string): readonly string[] => [
  ...new Set(servedAs(version, name).map((type) => type.name)),
];

/** Table of the names of each type in both versions, and where it is stored. */
export function typesInBoth(): string {
  const rows = stored().map((name) => {
    const [own] = versions.flatMap(([, version]) => servedAs(version, name));
    return [
      ...versions.map(([, version]) => codes(namesIn(version, name)) || 'not served'),
      own?.home === 'record' ? 'record' : 'directory',
      own?.home === 'record' && own.stored !== 'Provenance' ? 'R4' : 'no',
    ];
  });
  return table(['R4', 'DSTU2', 'Stored in', 'Provenance'], rows);
}

/** A heading and a table for each type, with its search parameters in both versions side by side. */
export function parametersInBoth(): string {
  return stored()
    .map((name) => {
      const names = new Set(versions.flatMap(([, version]) => namesIn(version, name)));
      const lists = versions.map(([, version]) => servedAs(version, name).flatMap(({ parameters }) => parameters));
      return `### ${[...names].join(' / ')}\n\n${parameterTable(lists)}`;
    })
    .join('\n\n');
}

function parameterTable(lists: readonly (readonly Parameter[])[]): string {
  const keys = [...new Set(lists.flat().map(keyOf))];
  const rows = keys.map((key) => {
    const own = lists.map((list) => list.filter((parameter) => keyOf(parameter) === key));
    const [first] = own.flat();
    return [
      ...own.map((list) => codes([...new Set(list.map(({ name }) => name))])),
      kindOf(first),
      plain(first?.documentation ?? ''),
    ];
  });
  return table(['R4', 'DSTU2', 'Type', 'What it finds'], rows);
}

/** Parameters with the same index are the same question, even if their names differ. */
const keyOf = (parameter: Parameter): string =>
  'index' in parameter ? `${parameter.kind} ${parameter.index}` : parameter.name;

const kindOf = (parameter: Parameter | undefined): string =>
  parameter?.kind === 'patient' ? 'reference' : (parameter?.kind ?? '');
