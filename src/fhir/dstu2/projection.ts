import { formsOf } from '../core/forms.ts';
import { printJson } from '../core/json.ts';
import type { Around, KeptForm, Neighbours, Projected, Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { convertResource } from './convert/resource.ts';
import { dstu2Neighbours } from './neighbours.ts';
import { DSTU2_TYPES } from './served-types.ts';

/** Raised with every change of what is made. */
const MAKER = 10;

const all = DSTU2_TYPES.flatMap(formsOf);
const main = all.filter(({ projection }) => projection === undefined).map(({ stored }) => stored);

const MAIN = 'dstu2';
const kept = all.map(({ stored, name, idPrefix = '', projection: own = MAIN }) => {
  const form: KeptForm = { name: own, maker: MAKER, address: `${name}/${idPrefix}` };
  return { stored, form };
});
const neighbours: Neighbours = {
  ...dstu2Neighbours,
  kept: new Map(
    [...Map.groupBy(kept, ({ stored }) => stored)].map(([stored, some]) => [stored, some.map(({ form }) => form)]),
  ),
};

/** @param form the type in DSTU2; undefined: the first form of each */
const projection = (name: string, types: readonly string[], form?: string): Projection => ({
  name,
  maker: MAKER,
  types,
  neighbours,
  project: (resource: Resource, around?: Around): Projected | undefined => {
    const known = around && { placed: around.placed, roles: around.parts };
    const made = types.includes(resource.resourceType) ? convertResource(resource, form, known) : undefined;
    return made === undefined || 'hiddenBy' in made ? made : { content: printJson(made.resource) };
  },
});

/** The record as DSTU2 clients see it, in the first form that each stored type has there. */
export const dstu2Projection: Projection = projection(MAIN, main);

/** And in the others: see docs/decisions/035. */
export const dstu2Projections: readonly Projection[] = [
  dstu2Projection,
  ...all.flatMap(({ name, stored, projection: own }) => (own === undefined ? [] : [projection(own, [stored], name)])),
];
