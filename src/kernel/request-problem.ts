import type { ProblemCode } from './problem.ts';

const codes = new WeakMap<object, ProblemCode>();

/** Notes with which error a request is answered. Only its metrics need it, after the response has been sent. */
export const noteProblem = (request: object, code: ProblemCode): void => void codes.set(request, code);

/** Returns the code of the error with which a request was answered; undefined if there was none. */
export const findNotedProblem = (request: object): ProblemCode | undefined => codes.get(request);
