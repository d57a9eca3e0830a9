import { OfAnotherSource } from '../fhir/index.ts';
import { OperatorFault, problemOf } from '../kernel/index.ts';

/** Rejects the whole part of a record, with a reason that can be shown. */
export class PartRefused extends Error {
  override readonly name = 'PartRefused';
}

/**
 * Reason why a part of a record could not be stored; undefined when the cause isn't this part, so that the next would
 * fail too. The error's own message is not used because it may contain values.
 */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof PartRefused) return error.message;
  if (error instanceof OfAnotherSource) return OTHER_SOURCE;
  if (error instanceof OperatorFault || isOfAll(error)) return undefined;
  return `It could not be stored, nor could anything of the same record in this part of the input: an unexpected fault (${nameOf(error)}).`;
}

export const OTHER_SOURCE = 'Another source brought it: a source changes its own resources alone.';

/**
 * PostgreSQL error classes that concern the server: connections, permissions, missing tables, resources, operator
 * intervention and internal errors.
 */
const OF_THE_SERVER = /^(08|25|28|3D|42|53|57|58|XX)...$/;
/** The driver's own connection errors have no code. */
const OF_THE_DRIVER = /^(Connection terminated|Client (has encountered|was closed)|timeout exceeded)/;

function isOfAll(error: unknown): boolean {
  if (problemOf(error).code === 'unavailable') return true;
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? OF_THE_SERVER.test(code) : OF_THE_DRIVER.test(String(message));
}

function nameOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? typeof error);
}
