import type { Resource } from '../../model/fhir-version.ts';
import { findReferences } from './find-references.ts';
import { getStoredCompartment } from './index-definitions.ts';
import { type IndexToken, referenceToken } from './token-hash.ts';

/**
 * The conversion of a Provenance depends on whether the resources that it is about are shown. There can be hundreds, and
 * the search index has them already, so the table `conversion` doesn't list them again.
 */
export const TYPE_WITH_INDEXED_DEPENDENCIES = 'Provenance';
const INDEX = 'target';

/**
 * Returns the ids of those resources on which a conversion depends, and that the search index has. Directory resources
 * aren't among them: when one changes, the patient records that depend on it are found through `conversion`.
 */
export function indexedDependencies(resource: Resource): ReadonlySet<string> {
  if (resource.resourceType !== TYPE_WITH_INDEXED_DEPENDENCIES) return NONE;
  const targets = findReferences(resource, TYPE_WITH_INDEXED_DEPENDENCIES, INDEX);
  return new Set(targets.filter(({ type }) => getStoredCompartment(type) === 'record').map(({ id }) => id));
}

const NONE: ReadonlySet<string> = new Set();

/** Returns the index value by which resources are found whose conversion depends on one with an id. */
export const dependencyToken = (id: string): IndexToken => referenceToken(INDEX, { type: undefined, id });
