import { printJson } from '../core/json.ts';
import type { Projected, Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { CONVERTED_TYPES, convertResource } from './convert/resource.ts';

/** The record as DSTU2 clients see it. */
export const dstu2Projection: Projection = {
  name: 'dstu2',
  maker: 3,
  types: CONVERTED_TYPES,
  project: (resource: Resource): Projected | undefined => {
    const made = convertResource(resource);
    return made === undefined || 'hiddenBy' in made ? made : { content: printJson(made.resource) };
  },
};
