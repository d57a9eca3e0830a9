import { conflictProblem, OperatorError } from '../../kernel/index.ts';

/** Runs work and converts an `OperatorError` of the apps module into a `conflict` for the developer. */
export async function asConflict<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperatorError) throw conflictProblem(error.message);
    throw error;
  }
}
