import { isObject, listOf, textAt } from './json-value.ts';
import { findName, type Names, type SourceKey } from './names.ts';

/** The patient a resource belongs to, by the source's id, or why there is none. */
export type Home = { readonly patient: string } | { readonly fault: string };

/** Whom a resource is about: never who wrote, performed or asserted it. */
const ABOUT = ['subject', 'patient', 'beneficiary'];

/** The patient of each resource seen so far, for what is about resources. */
export type Homes = Map<string, string>;

export function homeOf(resource: unknown, key: SourceKey, names: Names, homes: Homes | undefined): Home {
  if (key.type === 'Patient') return { patient: key.sourceId };
  const found = key.type === 'Provenance' ? ofTargets(resource, names, homes) : ofSubject(resource, names);
  const [patient, second] = found;
  if (patient === undefined) {
    return {
      fault:
        key.type === 'Provenance'
          ? 'None of its targets is in a known record.'
          : 'It does not say which patient it is about.',
    };
  }
  return second === undefined
    ? { patient }
    : { fault: 'It is about two patients: it would put the data of one in the record of the other.' };
}

export const homeKey = ({ type, sourceId }: SourceKey): string => `${type}/${sourceId}`;

function ofSubject(resource: unknown, names: Names): readonly string[] {
  const references = ABOUT.map((name) => (isObject(resource) ? textAt(resource[name], 'reference') : undefined));
  const keys = references.filter((text) => text !== undefined).map((text) => findName(names, text));
  return distinct(keys.map((key) => (key?.type === 'Patient' ? key.sourceId : undefined)));
}

function ofTargets(resource: unknown, names: Names, homes: Homes | undefined): readonly string[] {
  const references = listOf(resource, 'target').map((target) => textAt(target, 'reference'));
  const keys = references.map((text) => (text === undefined ? undefined : findName(names, text)));
  return distinct(
    keys.map((key) => {
      if (key === undefined) return undefined;
      return key.type === 'Patient' ? key.sourceId : homes?.get(homeKey(key));
    }),
  );
}

const distinct = (values: readonly (string | undefined)[]): readonly string[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];
