import type { ServeOptions } from './serve-options.ts';

/** Says something to the operator. */
export type Announce = (message: string, level?: 'info' | 'warn') => void;

/** Returns the function that says something to the operator, in the format of the log. */
export const announcer =
  ({ config, print }: Pick<ServeOptions, 'config' | 'print'>): Announce =>
  (msg, level = 'info') =>
    print(config.logFormat === 'json' ? logLine(level, { msg }) : msg);

/** Numbers of the log's levels. */
const PINO_LEVELS = { info: 30, warn: 40, fatal: 60 } as const;

/** Formats a line of the JSON log. */
export const logLine = (
  level: keyof typeof PINO_LEVELS,
  fields: { readonly msg: string; readonly [name: string]: unknown },
): string => JSON.stringify({ level: PINO_LEVELS[level], time: Date.now(), ...fields });
