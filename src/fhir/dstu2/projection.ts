import { printJson } from '../core/json.ts';
import type { Projected, Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { convertResource } from './convert/resource.ts';
import { DSTU2_TYPES } from './served-types.ts';

const types = DSTU2_TYPES.map(({ stored }) => stored);

/** The record as DSTU2 clients see it. */
export const dstu2Projection: Projection = {
  name: 'dstu2',
  maker: 4,
  types,
  project: (resource: Resource): Projected | undefined => {
    const made = types.includes(resource.resourceType) ? convertResource(resource) : undefined;
    return made === undefined || 'hiddenBy' in made ? made : { content: printJson(made.resource) };
  },
};
