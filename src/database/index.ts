export type { QueryLimits } from './cancelable-query.ts';
export * from './check-database.ts';
export * from './database.ts';
export * from './disk-space.ts';
export * from './embedded/index.ts';
export * from './made-up-space.ts';
export * from './migrate.ts';
export * from './savepoints.ts';
export * from './statement.ts';
