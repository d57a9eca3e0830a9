import { OperatorFault, Problem } from '../../kernel/index.ts';

export const conflict = (message: string): Problem => new Problem('conflict', { status: 409, message });

export const noSuchThing = (message: string): Problem => new Problem('not-found', { status: 404, message });

/** What the registry refuses is told to a developer as it would be to an operator. */
export async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OperatorFault) throw conflict(error.message);
    throw error;
  }
}
