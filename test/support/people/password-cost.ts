import type { PasswordCost } from '../../../src/config/index.ts';

/** A cost of password hashing that is far below the allowed settings, because few tests are about it. */
export const passwordCost: PasswordCost = { memory: 8, passes: 1 };
