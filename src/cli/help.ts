import { styleText } from 'node:util';
import { GROUP_SUMMARIES, SECTIONS } from './commands.ts';
import type { ArgumentDefinition, CommandDefinition, OptionDefinition } from './definition.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { nameColumns, WIDTH, wrap } from './text-layout.ts';

export interface HelpStyle {
  /** How the reader calls the program: `patient-access`, or `npm run cli --`. */
  readonly program: string;
  /** Whether titles are bold. */
  readonly isBold: boolean;
}

/** Returns the help of the program, with all commands. */
export function programHelp(style: HelpStyle): string {
  const { program } = style;
  const width = Math.max(...SECTIONS.flatMap(({ commands }) => commands.map(({ name }) => name.length)));
  return [
    'Patient Access: run the server, and manage its data, apps and people.',
    `Usage: ${program} COMMAND [options]`,
    '',
    ...SECTIONS.flatMap(({ title, commands }) => [styledTitle(title, style), ...summaryLines(commands, width)]),
    '',
    `Help: ${program} COMMAND --help, such as ${program} apps add --help`,
    'Options: --json (print only JSON), --help, --version',
    `Exit codes: ${exitCodeList()}`,
    'Reference: docs/reference/commands.md',
  ].join('\n');
}

/**
 * Returns the help of the commands with the same first word.
 * @param group the first word, such as `apps`
 */
export function groupHelp(group: string, style: HelpStyle): string {
  const commands = SECTIONS.flatMap((section) => section.commands).filter(
    ({ name }) => name === group || name.startsWith(`${group} `),
  );
  return [
    `${GROUP_SUMMARIES[group]}`,
    '',
    ...block('Usage', [`  ${style.program} ${group} COMMAND [options]`], style),
    ...block('Commands', summaryLines(commands), style),
    `Help: ${style.program} ${group} COMMAND --help`,
  ].join('\n');
}

/** Returns the help of a command, which fits on a screen. */
export function commandHelp(command: CommandDefinition, style: HelpStyle): string {
  const { name, description, arguments: positionals = [], options = {}, notes = [], examples, exitCodes } = command;
  // A line may break before an option, but not between an option and its value.
  const usages = commandUsages(command).flatMap((usage) => wrap(`${style.program} ${usage}`.split(/ (?![A-Z])/), '  '));
  return [
    ...wrap(description.split(' ')),
    '',
    ...block('Usage', usages, style),
    ...block('Arguments', nameColumns(positionals.map((one) => [one.name, argumentMeaning(one)])), style),
    ...block('Options', optionLines(options), style),
    ...notes.flatMap(({ title, rows }) => block(title, nameColumns(rows), style)),
    ...block('Examples', exampleLines(examples, style.program), style),
    'Global options: --json, --help',
    ...wrap(`Exit codes: ${exitCodeList(exitCodes)}`.split(' ')),
    `Reference: docs/reference/commands.md#${name.replaceAll(' ', '-')}`,
  ].join('\n');
}

/**
 * Returns the ways to call a command, with its required options. Other options are left out if the line would be too
 * long for a terminal.
 */
export function commandUsages({ name, usages, arguments: positionals = [], options = {} }: CommandDefinition) {
  if (usages !== undefined) return usages.map((usage) => `${name} ${usage}`);
  const entries = Object.entries(options);
  const flags = (isRequired: boolean) =>
    entries.filter(([, { required }]) => (required === true) === isRequired).map((option) => optionFlag(...option));
  const needed = [name, ...positionals.map((one) => one.name), ...flags(true)].join(' ');
  const optional = flags(false).map((flag) => `[${flag}]`);
  const full = [needed, ...optional].join(' ');
  return [full.length <= MAX_USAGE ? full : [needed, ...(optional.length === 0 ? [] : ['[options]'])].join(' ')];
}

/** Columns that are left for a usage after the name of the program. */
const MAX_USAGE = WIDTH - '  patient-access '.length;

/** Returns an option as typed, such as `--name NAME`. */
export const optionFlag = (name: string, { value }: OptionDefinition): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`;

/** Returns what a positional argument means, with the allowed values. */
export const argumentMeaning = ({ text, choices }: ArgumentDefinition): string =>
  choices === undefined ? text : `${text}: ${choices.join(', ')}`;

/** Returns what an option means, with the allowed values and the default. */
export function optionMeaning({ value, text, choices, required, default: initial }: OptionDefinition): string {
  const allowed = choices === undefined || value === choices.join('|') ? '' : `: ${choices.join(', ')}`;
  const remark = required === true ? ' (required)' : initial === undefined ? '' : ` (default: ${initial})`;
  return `${text}${allowed}${remark}`;
}

/** Formats options with one line for each. Choices that don't fit this line are in the notes of the command. */
function optionLines(options: Readonly<Record<string, OptionDefinition>>): readonly string[] {
  const rows = Object.entries(options).map(([name, option]) => [optionFlag(name, option), option] as const);
  const full = nameColumns(rows.map(([flag, option]) => [flag, optionMeaning(option)]));
  const short = nameColumns(rows.map(([flag, { choices: _, ...option }]) => [flag, optionMeaning(option)]));
  return full.map((line, row) => (line.length <= WIDTH ? line : (short[row] ?? line)));
}

const exampleLines = (examples: readonly string[], program: string): readonly string[] =>
  examples.map((example) => `  ${program} ${example.replaceAll('\n', '\n  ')}`);

const summaryLines = (commands: readonly CommandDefinition[], width?: number): readonly string[] =>
  nameColumns(
    commands.map(({ name, summary }) => [name, summary]),
    width,
  );

/** Returns the meanings of all exit codes in one line. */
const exitCodeList = (own: CommandDefinition['exitCodes'] = { 0: EXIT_CODES[0].name, 1: EXIT_CODES[1].name }): string =>
  Object.entries({ ...own, 2: EXIT_CODES[2].name })
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join('; ');

const block = (title: string, lines: readonly string[], style: HelpStyle): readonly string[] =>
  lines.length === 0 ? [] : [styledTitle(`${title}:`, style), ...lines, ''];

const styledTitle = (title: string, { isBold }: HelpStyle): string =>
  isBold ? styleText('bold', title, { validateStream: false }) : title;
