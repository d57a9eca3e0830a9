import { describe } from 'vitest';
import { COMMAND_NAMES, sameInProcess } from '../support/servers/each-command.ts';

describe('each command as a process', () => sameInProcess(COMMAND_NAMES));
