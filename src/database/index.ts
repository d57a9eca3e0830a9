export * from './audit-row.ts';
export * from './database.ts';
export * from './disk.ts';
export * from './embedded/index.ts';
export * from './fault.ts';
export * from './migrate.ts';
export * from './nested.ts';
export * from './statement.ts';
export type { Bounds } from './within.ts';
