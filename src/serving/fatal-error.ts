import { type Environment, readLogFormat } from '../config/index.ts';
import { errorTrace, OperatorError } from '../kernel/index.ts';
import { logLine } from './announcer.ts';

/**
 * Returns the line of the JSON log for an error that ends the server. Log collectors read one event from each line, so
 * it has no line breaks. An unexpected error has its code and stack frames, as in the other lines of the log; its message
 * may contain data.
 * @returns undefined if the log isn't in JSON
 */
export function fatalErrorLine(error: unknown, environment: Environment): string | undefined {
  if (readLogFormat(environment) !== 'json') return undefined;
  if (error instanceof OperatorError) return logLine('fatal', { msg: error.message.replaceAll(/\s*\n\s*/g, ' ') });
  const msg = 'The server stopped because of an unexpected error. Start it again, and report the error if it returns.';
  return logLine('fatal', { msg, trace: errorTrace(error) });
}
