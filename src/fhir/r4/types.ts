import type { ServedType } from '../model/fhir-version.ts';
import type { CompositeLocation, IndexedParameter, SearchParameter } from '../model/search-parameter.ts';
import { identifierIndexName, ofTypeIndexName, RESOURCE_INDEX } from '../store/index/index-definitions.ts';
import { STORED_PARAMETERS, type StoredComposite, type StoredParameter } from '../store/index/stored-parameters.ts';
import { EXAMPLES } from './examples.ts';

const PATIENT =
  'A patient: id, Patient/id or URL. If the access token is for one patient, other patients are rejected.';

/**
 * All types of the R4 API with the search parameters of R4 and US Core. `$everything` returns the types in the order of
 * this list.
 */
export const R4_TYPES: readonly ServedType[] = Object.entries(RESOURCE_INDEX)
  .sort(([a], [b]) => typeOrder(a) - typeOrder(b) || (a < b ? -1 : 1))
  .map(([name, { compartment }]) => ({
    name,
    stored: name,
    compartment,
    parameters: Object.entries(STORED_PARAMETERS[name] ?? {})
      .map(([parameter, one]) => toSearchParameter(name, parameter, one))
      .sort((a, b) => Number(b.kind === 'patient') - Number(a.kind === 'patient')),
  }));

/**
 * Returns the rank of a resource type in the list of served types. Patient comes first, as readers expect. Provenance,
 * which refers to everything else, comes last, after the directory types.
 */
function typeOrder(type: string): number {
  if (type === 'Patient') return 0;
  return type === 'Provenance' ? 3 : RESOURCE_INDEX[type]?.compartment === 'practice' ? 2 : 1;
}

function toSearchParameter(type: string, name: string, one: StoredParameter): SearchParameter {
  const { definition } = one;
  if (one.kind === 'patient')
    return { kind: 'patient', name, documentation: PATIENT, definition, ...referencedIdentifiers(type, name) };
  const example = EXAMPLES[type]?.[name];
  const described = {
    name,
    documentation: one.documentation,
    definition,
    ...(example === undefined ? {} : { example }),
  };
  if (one.kind === 'composite') return { kind: one.kind, locations: compositeLocations(type, name, one), ...described };
  if ('union' in one) {
    const [index = name, ...also] = one.union;
    return { kind: one.kind, index, otherIndexes: also, ...described };
  }
  if (one.kind === 'reference')
    return { kind: 'reference', index: name, targets: one.targets, ...described, ...referencedIdentifiers(type, name) };
  if (one.kind === 'token' && one.typed === true)
    return { kind: one.kind, index: name, ofType: ofTypeIndexName(name), ...described };
  return { kind: one.kind, index: name, ...described };
}

/**
 * Returns the name of the index that holds the identifiers of referenced resources, for the modifier `:identifier`.
 * Returns nothing if there is no such index.
 */
function referencedIdentifiers(type: string, name: string): { readonly identifiers?: string } {
  const index = identifierIndexName(name);
  return RESOURCE_INDEX[type]?.tokens[index] === undefined ? {} : { identifiers: index };
}

function compositeLocations(type: string, name: string, one: StoredComposite): readonly CompositeLocation[] {
  if ('union' in one) return one.union.flatMap((part) => compositeLocations(type, part, findComposite(type, part)));
  if ('group' in one) return [{ of: 'group', index: name, kinds: one.parts.map(({ kind }) => kind) }];
  return [{ of: 'resource', components: one.of.map((part) => toIndexedParameter(type, part)) }];
}

function findComposite(type: string, name: string): StoredComposite {
  const found = STORED_PARAMETERS[type]?.[name];
  if (found?.kind !== 'composite') throw new Error(`${type} has no composite parameter ${name}`);
  return found;
}

function toIndexedParameter(type: string, name: string): IndexedParameter {
  const found = STORED_PARAMETERS[type]?.[name];
  const parameter = found === undefined ? undefined : toSearchParameter(type, name, found);
  if (parameter === undefined || parameter.kind === 'patient' || parameter.kind === 'composite')
    throw new Error(`${type} has no parameter ${name} that can be a part of another`);
  return parameter;
}
