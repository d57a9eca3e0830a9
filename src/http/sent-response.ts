import type { ProblemCode } from '../kernel/index.ts';

/** A response that has been sent, for metrics and traces. It contains nothing that a client has written. */
export interface SentResponse {
  /** One of the methods that have routes, otherwise `other`. */
  readonly method: string;
  readonly surface: string;
  /** Pattern of the route, such as `/practice/:practiceId`; `none` if no route matched. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
  /** Code of the error; undefined if there was none. */
  readonly problem: ProblemCode | undefined;
}
