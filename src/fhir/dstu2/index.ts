export { dstu2Projection, dstu2Projections } from './projection.ts';
export { dstu2 } from './version.ts';
