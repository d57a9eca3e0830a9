import type { Resource } from '../model/fhir-version.ts';
import { printJson } from '../model/json.ts';
import type {
  Projection,
  ProjectionContext,
  ProjectionDependencies,
  ProjectionResult,
  StoredVariant,
} from '../model/projection.ts';
import { typeVariants } from '../model/type-variants.ts';
import { convertResource } from './convert/convert-resource.ts';
import { dstu2RelatedResources } from './related-resources.ts';
import { DSTU2_TYPES } from './served/types.ts';

/**
 * Increase this with every change of the converted output. Stored DSTU2 content of an older version is then converted
 * again at startup.
 */
const CONVERTER_VERSION = 10;

const variants = DSTU2_TYPES.flatMap(typeVariants);
const mainTypes = variants.filter(({ projection }) => projection === undefined).map(({ stored }) => stored);

const MAIN_PROJECTION = 'dstu2';
const storedVariants = variants.map(({ stored, name, idPrefix = '', projection: own = MAIN_PROJECTION }) => {
  const variant: StoredVariant = {
    name: own,
    converterVersion: CONVERTER_VERSION,
    referencePrefix: `${name}/${idPrefix}`,
  };
  return { stored, form: variant };
});
const relatedResources: ProjectionDependencies = {
  ...dstu2RelatedResources,
  storedVariants: new Map(
    [...Map.groupBy(storedVariants, ({ stored }) => stored)].map(([stored, ofType]) => [
      stored,
      ofType.map(({ form }) => form),
    ]),
  ),
};

/** @param form DSTU2 type to convert to; undefined converts each resource to its first variant */
const projection = (name: string, types: readonly string[], variant?: string): Projection => ({
  name,
  converterVersion: CONVERTER_VERSION,
  types,
  dependencies: relatedResources,
  project: (resource: Resource, related?: ProjectionContext): ProjectionResult | undefined => {
    const relatedResources = related && { referenceTargets: related.referenceTargets, roles: related.embedded };
    const converted = types.includes(resource.resourceType)
      ? convertResource(resource, variant, relatedResources)
      : undefined;
    return converted === undefined || 'hiddenBy' in converted ? converted : { content: printJson(converted.resource) };
  },
});

/** The record as DSTU2 clients see it: each stored type in its first DSTU2 variant. */
export const dstu2Projection: Projection = projection(MAIN_PROJECTION, mainTypes);

/** All DSTU2 projections: the main one, and one for each further variant of a stored type. See docs/decisions/035. */
export const dstu2Projections: readonly Projection[] = [
  dstu2Projection,
  ...variants.flatMap(({ name, stored, projection: own }) =>
    own === undefined ? [] : [projection(own, [stored], name)],
  ),
];
