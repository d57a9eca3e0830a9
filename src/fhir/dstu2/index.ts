export { HAS_OTHER_VARIANT } from './convert/convert-resource.ts';
export { type ConversionLoss, listDstu2Losses } from './losses.ts';
export { dstu2Projection, dstu2Projections } from './projection.ts';
export { dstu2 } from './version.ts';
