import { invocationFolder, readConfig } from '../config/index.ts';
import { OperatorError } from '../kernel/index.ts';
import { UsageError } from './arguments.ts';
import type { CliCommand, CommandEnvironment } from './command.ts';
import { COMMANDS } from './commands.ts';
import { printable } from './printable.ts';

/**
 * Runs the command that the arguments name.
 * @returns the exit code: 0 success, 1 failure, 2 usage error
 */
export async function runCommand(args: readonly string[], surroundings: CommandEnvironment): Promise<number> {
  const { stdout, stderr } = surroundings;
  const json = args.includes('--json');
  const plain = helpToOption(args.filter((word) => word !== '--json'));
  const isTyped = (name: string) => name.split(' ').every((part, i) => plain[i] === part);
  const command = COMMANDS.find(({ name, formerly }) => isTyped(name) || (formerly !== undefined && isTyped(formerly)));
  if (command === undefined) {
    const unknown = plain.length > 0 && !plain.includes('--help') ? `Unknown command "${plain.join(' ')}".\n` : '';
    const suggestions = COMMANDS.filter(({ name }) => name.split(' ')[0] === plain[0]);
    stderr.write(`${unknown}${usageText(suggestions.length > 0 ? suggestions : COMMANDS)}\n`);
    return plain.length === 0 || plain.includes('--help') ? 0 : 2;
  }
  if (plain.includes('--help')) {
    stdout.write(`Usage: patient-access ${command.usage}\n${command.summary}\n`);
    return 0;
  }
  const typed = isTyped(command.name) ? command.name : (command.formerly ?? command.name);
  if (typed !== command.name) stderr.write(`"${typed}" is now "${command.name}". The old name will be removed.\n`);
  try {
    return await runMatched(command, plain.slice(typed.split(' ').length), json, surroundings);
  } catch (error) {
    return reportError(error, command, stderr);
  }
}

async function runMatched(
  command: CliCommand,
  args: readonly string[],
  json: boolean,
  { environment, folder: current, stdout, stderr, stopSignal }: CommandEnvironment,
): Promise<number> {
  const folder = invocationFolder(environment, current);
  const config = readConfig({ ...environment, INIT_CWD: folder });
  const run = await command.load();
  return await run({
    config,
    environment,
    arguments: args,
    folder,
    json,
    print: (text) => stdout.write(`${text}\n`),
    remark: (text) => stderr.write(`${printable(text)}\n`),
    stderr,
    stopSignal,
  });
}

/** Rewrites `help` as `--help`, and for example `help apps add` as `apps add --help`. */
function helpToOption(args: readonly string[]): readonly string[] {
  return args[0] === 'help' ? [...args.slice(1), '--help'] : args;
}

function reportError(error: unknown, command: CliCommand, stderr: CommandEnvironment['stderr']): number {
  if (error instanceof OperatorError) {
    stderr.write(`${printable(error.message)}\n`);
    return 1;
  }
  if (error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true) {
    const { message } = error as Error;
    stderr.write(`${printable(message)}\nUsage: patient-access ${command.usage}\n`);
    return 2;
  }
  throw error;
}

function usageText(commands: readonly CliCommand[]): string {
  const lines = commands.map(({ usage, summary }) => `  patient-access ${usage}\n      ${summary}`);
  return `Usage (add --json to any command to print only JSON):\n${lines.join('\n')}`;
}
