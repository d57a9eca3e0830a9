import { OperatorError } from '../../kernel/index.ts';
import type { CommandInput } from '../command.ts';

/** @throws OperatorError with the embedded database, which is never part of a cluster */
export function requireExternal({ config }: CommandInput): void {
  if (config.databaseUrl === undefined)
    throw new OperatorError(
      "The embedded database can't be distributed. Set DATABASE_URL to the coordinator of a Citus cluster. docs/scale.md explains how to set it up.",
    );
}
