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
 * Version of the conversion. Increase it with every change of the converted output. At startup, stored DSTU2 text of an
 * older version is then converted again.
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

/**
 * Describes DSTU2 text that the store keeps beside R4 resources.
 * @param variant DSTU2 type to convert to; undefined converts each resource to the first DSTU2 type that it can become
 */
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

/** The main DSTU2 projection. It converts each R4 resource to the first DSTU2 type that the resource can become. */
export const dstu2Projection: Projection = projection(MAIN_PROJECTION, mainTypes);

/**
 * All DSTU2 conversions whose text the store keeps beside an R4 resource: one for the first DSTU2 type of each R4 type,
 * and one for each further DSTU2 type. See docs/decisions/035.
 */
export const dstu2Projections: readonly Projection[] = [
  dstu2Projection,
  ...variants.flatMap(({ name, stored, projection: own }) =>
    own === undefined ? [] : [projection(own, [stored], name)],
  ),
];
