export * from './config.ts';
export { SETTINGS } from './settings.ts';
export * from './trusted-host.ts';
