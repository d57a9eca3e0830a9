import type { Config } from './config.ts';

/**
 * Tells whether the server has the demo app at `/demo`. The app is provisional like any new app, so it can't show any
 * data where provisional apps are inactive.
 */
export const hasDemoApp = ({ sandbox, provisionalApps }: Pick<Config, 'sandbox' | 'provisionalApps'>): boolean =>
  sandbox && provisionalApps === 'sandbox';
