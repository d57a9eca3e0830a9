import { needsExclusiveLock, SourceConflictError } from '../../fhir/index.ts';
import { OperatorError, toProblem } from '../../kernel/index.ts';

/**
 * Thrown to reject all resources of a patient record in one part of the input. The message is a reason that operators
 * and apps may see.
 */
export class PartRejected extends Error {
  override readonly name = 'PartRefused';
}

/**
 * Returns the reason why the resources of a patient record could not be stored. Returns undefined if the cause is the
 * server, such as a lost database connection: storing other records would fail too. It also returns undefined if the
 * whole transaction must be repeated. The message of a database error is not used, because it may contain values.
 */
export function toRejectionReason(error: unknown): string | undefined {
  if (error instanceof PartRejected) return error.message;
  if (error instanceof SourceConflictError) return OTHER_SOURCE;
  if (error instanceof OperatorError || needsExclusiveLock(error) || isServerError(error)) return undefined;
  return `The resource and others of the same record in this part of the input could not be stored because of an unexpected error (${errorName(error)}).`;
}

export const OTHER_SOURCE =
  'The resource comes from a different source. Each source can change only its own resources.';

/**
 * PostgreSQL error classes that concern the server and not the data: connections, permissions, missing tables,
 * insufficient memory or disk space, operator intervention and internal errors.
 */
const SERVER_ERROR_CODES = /^(08|25|28|3D|42|53|57|58|XX)...$/;
/** Messages of connection errors that the PostgreSQL driver raises itself. Such errors have no code. */
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
