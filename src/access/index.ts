export * from './data-use.ts';
export * from './grant.ts';
export * from './rejected-token.ts';
export * from './scope.ts';
export * from './scope-limits.ts';
export * from './security-labels.ts';
export * from './unreduced-grant.ts';
export * from './write-access.ts';
