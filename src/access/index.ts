export * from './grant.ts';
export * from './scope.ts';
