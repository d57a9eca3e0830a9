import { SourceConflictError } from '../../fhir/index.ts';
import { OperatorError, toProblem } from '../../kernel/index.ts';

/** Rejects the whole part of a record, with a reason that can be shown. */
export class PartRejected extends Error {
  override readonly name = 'PartRefused';
}

/**
 * Reason why a part of a record could not be stored; undefined when the cause isn't this part, so that the next would
 * fail too. The error's own message is not used because it may contain values.
 */
export function toRejectionReason(error: unknown): string | undefined {
  if (error instanceof PartRejected) return error.message;
  if (error instanceof SourceConflictError) return OTHER_SOURCE;
  if (error instanceof OperatorError || isServerError(error)) return undefined;
  return `It could not be stored, nor could anything of the same record in this part of the input: an unexpected fault (${errorName(error)}).`;
}

export const OTHER_SOURCE = 'Another source brought it: a source changes its own resources alone.';

/**
 * PostgreSQL error classes that concern the server: connections, permissions, missing tables, resources, operator
 * intervention and internal errors.
 */
const SERVER_ERROR_CODES = /^(08|25|28|3D|42|53|57|58|XX)...$/;
/** The driver's own connection errors have no code. */
const DRIVER_ERRORS = /^(Connection terminated|Client (has encountered|was closed)|timeout exceeded)/;

function isServerError(error: unknown): boolean {
  if (toProblem(error).code === 'unavailable') return true;
  const { code, message } = Object(error) as { code?: unknown; message?: unknown };
  return typeof code === 'string' ? SERVER_ERROR_CODES.test(code) : DRIVER_ERRORS.test(String(message));
}

function errorName(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? typeof error);
}
