import type { Config } from './config.ts';

/** True if browsers reach the server over HTTPS, so that cookies are sent over nothing else. */
export const usesHttps = ({ publicUrl }: Pick<Config, 'publicUrl'>): boolean => publicUrl.startsWith('https:');
