/** Exit codes of all commands, as help and docs/reference/commands.md explain them. */
export const EXIT_CODES = {
  0: { name: 'success', meaning: 'The command did what you asked for.' },
  1: {
    name: 'failure or errors found',
    meaning: 'The command failed, found errors, or rejected a value. The message says why.',
  },
  2: {
    name: 'wrong usage',
    meaning: 'The command or an option is unknown, or an argument is missing. The command did nothing.',
  },
} as const;
