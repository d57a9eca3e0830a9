import type { Config } from './config.ts';

/**
 * Tells whether browsers reach the server over HTTPS. Cookies are then `Secure`, so that browsers never send them over
 * plain HTTP.
 */
export const usesHttps = ({ publicUrl }: Pick<Config, 'publicUrl'>): boolean => publicUrl.startsWith('https:');
