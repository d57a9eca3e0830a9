export { HAS_ANOTHER_FORM } from './convert/resource.ts';
export { dstu2Losses, type Loss } from './losses.ts';
export { dstu2Projection, dstu2Projections } from './projection.ts';
export { dstu2 } from './version.ts';
