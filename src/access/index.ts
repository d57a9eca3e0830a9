export * from './data-use.ts';
export * from './grant.ts';
export * from './labels.ts';
export * from './limits.ts';
export * from './no-less.ts';
export * from './refused-token.ts';
export * from './scope.ts';
export * from './write.ts';
