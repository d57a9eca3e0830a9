import type { PracticeId } from '../kernel/index.ts';

export type PracticeKind = 'sandbox' | 'live';

export interface Practice {
  readonly practiceId: PracticeId;
  readonly kind: PracticeKind;
  readonly name: string;
  /** Version of the sandbox data that the server has generated for this practice; null for all other practices. */
  readonly generated: string | null;
}
