import { OperatorError, Problem } from '../../kernel/index.ts';

export const conflictProblem = (message: string): Problem => new Problem('conflict', { status: 409, message });

export const notFoundProblem = (message: string): Problem => new Problem('not-found', { status: 404, message });

/** Runs work and converts an `OperatorError` of the apps module into a `conflict` for the developer. */
export async function asConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperatorError) throw conflictProblem(error.message);
    throw error;
  }
}
