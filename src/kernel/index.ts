export * from './clock.ts';
export * from './faults.ts';
export * from './hashing.ts';
export * from './ids.ts';
export * from './network.ts';
export * from './plain-ascii.ts';
export * from './problem.ts';
export * from './recent.ts';
