import type { PasswordCost } from '../../src/config/index.ts';

/** Far below what the setting may ask for: few tests are about how long a password takes. */
export const passwordCost: PasswordCost = { memory: 8, passes: 1 };
