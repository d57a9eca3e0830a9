export * from './config.ts';
export { SETTINGS } from './settings.ts';
