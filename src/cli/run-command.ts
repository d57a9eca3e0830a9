import { readFileSync } from 'node:fs';
import { type Environment, invocationFolder, readConfig } from '../config/index.ts';
import { OperatorError } from '../kernel/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import type { CliCommand, CommandEnvironment } from './command.ts';
import { COMMANDS, isGroup } from './commands.ts';
import { commandHelp, commandUsages, groupHelp, type HelpStyle, programHelp } from './help.ts';
import { printable } from './printable.ts';
import { unknownCommandMessage } from './unknown-command.ts';

/**
 * Runs the command that the arguments name.
 * @returns the exit code, as `EXIT_CODES` explains it
 */
export async function runCommand(args: readonly string[], surroundings: CommandEnvironment): Promise<number> {
  const { stdout, stderr } = surroundings;
  const { words, isHelp, isJson } = readGlobalOptions(args);
  const style = helpStyle(surroundings);
  if (words[0] === '--version') {
    stdout.write(`patient-access ${programVersion()}\n`);
    return 0;
  }
  const isTyped = (name: string) => name.split(' ').every((part, index) => words[index] === part);
  const [command] = COMMANDS.filter(
    ({ name, formerly }) => isTyped(name) || (formerly !== undefined && isTyped(formerly)),
    // `backup verify` isn't `backup` with an argument.
  ).sort((one, other) => other.name.length - one.name.length);
  const isGroupAlone = !isHelp && words.length === 1 && isGroup(words[0] ?? '');
  if (command === undefined || isGroupAlone) return helpWithoutCommand(words, style, surroundings);
  if (isHelp) {
    stdout.write(`${commandHelp(command, style)}\n`);
    return 0;
  }
  const typed = isTyped(command.name) ? command.name : (command.formerly ?? command.name);
  if (typed !== command.name) stderr.write(`"${typed}" is now "${command.name}". The old name will be removed.\n`);
  try {
    return await runMatched(command, words.slice(typed.split(' ').length), isJson, surroundings);
  } catch (error) {
    return await reportError(error, command, style, surroundings);
  }
}

/** Takes `--json` and `--help` out of the arguments, and reads `help apps add` as `apps add --help`. */
function readGlobalOptions(args: readonly string[]) {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const before = args.slice(0, end);
  const isHelp = before[0] === 'help' || before.includes('--help') || before.includes('-h');
  const others = before.slice(before[0] === 'help' ? 1 : 0).filter((word) => !/^(--json|--help|-h)$/.test(word));
  return { words: [...others, ...args.slice(end)], isHelp, isJson: before.includes('--json') };
}

const helpStyle = ({ environment, stdout }: CommandEnvironment): HelpStyle => ({
  program: environment['npm_lifecycle_event'] === 'cli' ? 'npm run cli --' : 'patient-access',
  isBold: stdout.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb',
});

function programVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return version;
}

/** Prints the help of the program or of a group of commands, or an error if the words name neither. */
function helpWithoutCommand(
  words: readonly string[],
  style: HelpStyle,
  { stdout, stderr }: CommandEnvironment,
): number {
  const [first, second] = words;
  if (first === undefined || (isGroup(first) && second === undefined)) {
    stdout.write(`${first === undefined ? programHelp(style) : groupHelp(first, style)}\n`);
    return 0;
  }
  const help = `${style.program} ${isGroup(first) ? `${first} ` : ''}--help`;
  stderr.write(`${printable(unknownCommandMessage(words))}\nHelp: ${help}\n`);
  return 2;
}

async function runMatched(
  command: CliCommand,
  args: readonly string[],
  json: boolean,
  { environment, folder: current, stdout, stderr, stopSignal }: CommandEnvironment,
): Promise<number> {
  const given = readArguments(command, args);
  const folder = invocationFolder(environment, current);
  const config = readConfig({ ...environment, INIT_CWD: folder });
  const run = await command.load();
  const input = {
    config,
    environment,
    folder,
    json,
    print: (text: string) => stdout.write(`${text}\n`),
    remark: (text: string) => stderr.write(`${printable(text)}\n`),
    stderr,
    stopSignal,
  };
  return await run(input, given);
}

async function reportError(
  error: unknown,
  command: CliCommand,
  style: HelpStyle,
  { environment, stderr }: CommandEnvironment,
): Promise<number> {
  if (error instanceof UsageError) {
    const usages = commandUsages(command).map((usage) => `${style.program} ${usage}`);
    stderr.write(`${printable(error.message)}\nUsage: ${usages.join('\n   or: ')}\n`);
    stderr.write(`Help: ${style.program} ${command.name} --help\n`);
    return 2;
  }
  const line = command.name === 'serve' ? await formatServerError(error, environment) : undefined;
  if (line === undefined && !(error instanceof OperatorError)) throw error;
  stderr.write(`${line ?? printable((error as OperatorError).message)}\n`);
  return 1;
}

/** Formats an error of the server for its log. Other commands start faster, because they don't import the server. */
async function formatServerError(error: unknown, environment: Environment): Promise<string | undefined> {
  const { fatalErrorLine } = await import('../serving/index.ts');
  return fatalErrorLine(error, environment);
}
