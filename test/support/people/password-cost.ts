import type { PasswordCost } from '../../../src/config/index.ts';

/** Far below the allowed settings, because few tests are about the duration of password hashing. */
export const passwordCost: PasswordCost = { memory: 8, passes: 1 };
