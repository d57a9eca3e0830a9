export * from './practices.ts';
export * from './records.ts';
