/** Cost of hashing a password with argon2id and one lane (parallelism 1). */
export interface PasswordCost {
  /** Memory for one hash in KiB. */
  readonly memory: number;
  readonly passes: number;
}

/**
 * Minimum number of passes for each amount of memory, from the OWASP Password Storage Cheat Sheet. All of these
 * combinations are equally hard to attack.
 */
const MINIMUMS: readonly PasswordCost[] = [
  { memory: 47_104, passes: 1 },
  { memory: 19_456, passes: 2 },
  { memory: 12_288, passes: 3 },
  { memory: 9216, passes: 4 },
  { memory: 7168, passes: 5 },
];
/**
 * Highest accepted cost. Two passwords are hashed at a time, so a higher cost would take gigabytes of memory or several
 * seconds.
 */
const MAXIMUM: PasswordCost = { memory: 1_048_576, passes: 100 };

export const formatPasswordCost = ({ memory, passes }: PasswordCost): string => `m=${memory},t=${passes}`;

/**
 * Parses the cost of password hashing.
 * @param text `m=KiB,t=passes`, the notation of argon2 hashes
 * @param report receives each error
 */
export function readPasswordCost(text: string, report: (message: string) => void): PasswordCost {
  const [, memory, passes] = /^m=(\d{1,9}),t=(\d{1,9})$/.exec(text) ?? [];
  const cost = { memory: Number(memory), passes: Number(passes) };
  if (memory === undefined) {
    report(`is "${text}" but must look like m=19456,t=2.`);
  } else if (!MINIMUMS.some((least) => isAtLeast(cost, least))) {
    report(`is "${text}" but must be at least one of: ${MINIMUMS.map(formatPasswordCost).join('; ')}.`);
  } else if (!isAtLeast(MAXIMUM, cost)) {
    report(`is "${text}" but must be at most ${formatPasswordCost(MAXIMUM)}.`);
  }
  return cost;
}

const isAtLeast = (cost: PasswordCost, least: PasswordCost): boolean =>
  cost.memory >= least.memory && cost.passes >= least.passes;
