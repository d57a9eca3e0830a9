import type { Practice } from '../../domain/index.ts';
import { OperatorError } from '../../kernel/index.ts';

/**
 * Finds practices by name, in the given order.
 * @throws OperatorError for an unknown name
 */
export const findNamedPractices = (practices: readonly Practice[], names: readonly string[]): readonly Practice[] =>
  names.map((name) => {
    const found = practices.find((practice) => practice.name === name);
    if (found !== undefined) return found;
    const known = practices.map((practice) => `"${practice.name}"`).join(', ');
    throw new OperatorError(`There is no practice "${name}". Use one of: ${known}.`);
  });
