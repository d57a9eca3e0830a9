export * from './grant.ts';
export * from './limits.ts';
export * from './scope.ts';
