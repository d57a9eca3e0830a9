import type { PracticeId } from '../kernel/index.ts';

export type PracticeKind = 'sandbox' | 'live';

export interface Practice {
  readonly practiceId: PracticeId;
  readonly kind: PracticeKind;
  readonly name: string;
  /** Version of the generated sandbox data in this practice; null if the practice has no generated data. */
  readonly generated: string | null;
}
