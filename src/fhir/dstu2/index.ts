export { dstu2Projection } from './projection.ts';
export { dstu2 } from './version.ts';
