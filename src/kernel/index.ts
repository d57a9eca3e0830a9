export * from './clock.ts';
export * from './faults.ts';
export * from './hashing.ts';
export * from './ids.ts';
export * from './problem.ts';
