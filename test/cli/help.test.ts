import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { COMMANDS, SECTIONS } from '../../src/cli/commands.ts';
import { argumentMeaning, optionFlag } from '../../src/cli/help.ts';
import { runCli } from '../support/servers/command-line.ts';

const lines = (text: string): readonly string[] => text.trimEnd().split('\n');
const widest = (text: string): number => Math.max(...lines(text).map((line) => line.length));

describe('the help of the program', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']], [['help', '--json']]])('is printed for %j', async (words) => {
    const { code, out, err } = await runCli(words);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^Patient Access: .+\nUsage: patient-access COMMAND \[options\]\n/);
  });
  it('lists all commands in sections, with one line for each, on 76 lines of 80 columns', async () => {
    const { out } = await runCli(['--help']);
    for (const { title, commands } of SECTIONS) {
      const [first] = commands;
      expect(lines(out)[lines(out).indexOf(title) + 1]).toMatch(`  ${first?.name} `);
    }
    for (const { name, summary } of COMMANDS)
      expect(lines(out).filter((line) => line.startsWith(`  ${name} `) && line.endsWith(`  ${summary}`))).toHaveLength(
        1,
      );
    expect(COMMANDS.length).toBeGreaterThan(40);
    expect(lines(out).length).toBeLessThanOrEqual(76);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });
  it('names the help of a command, global options, exit codes and the reference', async () => {
    const { out } = await runCli(['--help']);
    expect(lines(out).slice(-4)).toEqual([
      'Help: patient-access COMMAND --help, such as patient-access apps add --help',
      'Options: --json (print only JSON), --help, --version',
      'Exit codes: 0 success; 1 failure or errors found; 2 wrong usage',
      'Reference: docs/reference/commands.md',
    ]);
  });
});

describe('the help of a group of commands', () => {
  it('is printed for its name alone, with --help, and by help', async () => {
    const [alone, option, help] = await Promise.all(
      [['apps'], ['apps', '--help'], ['help', 'apps']].map((words) => runCli(words)),
    );
    expect(alone).toMatchObject({ code: 0, err: '' });
    expect(option).toEqual(alone);
    expect(help).toEqual(alone);
  });
  const groups = [...new Set(COMMANDS.flatMap(({ name }) => (name.includes(' ') ? [name.split(' ')[0] ?? ''] : [])))];
  it.each(groups)('%s explains the group and lists its commands only', async (group) => {
    const { out } = await runCli([group]);
    const listed = [...out.matchAll(/^ {2}([a-z0-9]+ [a-z-]+) {2}/gm)].map(([, name]) => name);
    expect(listed).toEqual(COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(`${group} `)));
    expect(out).toMatch(/^[A-Z].+\.\n\nUsage:\n/);
    expect(widest(out)).toBeLessThanOrEqual(80);
  });
});

describe('the help of a command', () => {
  it.each(COMMANDS)(
    '$name fits on a screen of 80 columns, and is the same with --help and by help',
    async ({ name }) => {
      const words = name.split(' ');
      const [option, help] = await Promise.all([runCli([...words, '--help']), runCli(['help', ...words])]);
      expect(option).toMatchObject({ code: 0, err: '' });
      expect(help).toEqual(option);
      expect(widest(option.out)).toBeLessThanOrEqual(80);
      expect(lines(option.out).length).toBeLessThanOrEqual(40);
    },
  );
  it.each(COMMANDS)(
    '$name has one line for each argument and option, with required, default and allowed values',
    async (command) => {
      const { out } = await runCli([...command.name.split(' '), '--help']);
      for (const argument of command.arguments ?? [])
        expect(lines(out)).toContainEqual(expect.stringMatching(`  ${argument.name} +\\S`));
      for (const argument of command.arguments ?? []) expect(out).toContain(argumentMeaning(argument));
      for (const [name, option] of Object.entries(command.options ?? {})) {
        const [line = '', ...others] = lines(out).filter((one) => one.startsWith(`  ${optionFlag(name, option)}  `));
        expect(others).toEqual([]);
        expect(line).toContain(option.text);
        expect(line.endsWith('(required)')).toBe(option.required === true);
        if (option.default !== undefined) expect(line).toContain(`(default: ${option.default})`);
        for (const choice of option.choices ?? []) expect(out).toContain(choice);
      }
    },
  );
  it('shows usage, arguments, options, notes, examples and exit codes', async () => {
    expect(
      (await runCli(['staff', 'add', '--help'])).out,
    ).toBe(`Create a staff account for a practice and print its password. A clinician must
be in the practice’s directory.

Usage:
  patient-access staff add --username NAME --name NAME [options]

Options:
  --username NAME    Username (required)
  --name NAME        Full name (required)
  --role ROLE…       Roles (default: clinician)
  --practitioner ID  Id of a clinician’s Practitioner in the directory
  --practice NAME    Practice (default: the only live practice)

Roles:
  clinician        see patients, and open apps from a chart
  front-desk       find, invite and help patients
  privacy-officer  see patients, their apps and the data access report
  administrator    find, invite and help patients; change settings and staff

Examples:
  patient-access staff add --username dana --name "Dana Doctor" \\
    --practitioner $PRACTITIONER_ID
  patient-access staff add --username fay --name "Fay Field" --role front-desk

Global options: --json, --help
Exit codes: 0 success; 1 failure or errors found; 2 wrong usage
Reference: docs/reference/commands.md#staff-add
`);
  });
  it('calls the program as npm does if npm runs it', async () => {
    const { out } = await runCli(['apps', 'log', '--help'], { npm_lifecycle_event: 'cli' });
    expect(out).toContain('  npm run cli -- apps log CLIENT_ID [--limit N]\n');
    expect(out).not.toContain('patient-access');
  });
});

describe('the titles of help', () => {
  const help = (environment: Record<string, string>) => runCli(['apps'], environment, true);
  it('are bold on a terminal', async () => {
    const { out } = await help({});
    expect(out).toContain('\u001b[1mUsage:\u001b[22m\n');
    expect(stripVTControlCharacters(out)).toBe((await runCli(['apps'])).out);
  });
  it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('are plain with %j', async (environment) => {
    expect(await help(environment)).toEqual(await runCli(['apps']));
  });
});

describe('an unknown command', () => {
  it.each([
    ['app list', 'app list', 'apps list', ''],
    ['aps add --name X', 'aps add', 'apps add', ''],
    ['apps shwo', 'apps shwo', 'apps show', 'apps '],
    ['accounts set-pass', 'accounts set-pass', 'accounts set-password', 'accounts '],
    ['list apps', 'list apps', 'apps list', ''],
    ['retract Observation/1', 'retract', 'record retract', ''],
    ['doctro', 'doctro', 'doctor', ''],
    ['validtion', 'validtion', 'validation', ''],
    ['laod export.ndjson', 'laod', 'load', ''],
  ])('%s: is reported with the most similar one, and how to get help', async (line, typed, similar, group) => {
    expect(await runCli(line.split(' '))).toEqual({
      code: 2,
      out: '',
      err: `Unknown command "${typed}". Did you mean "${similar}"?\nHelp: patient-access ${group}--help\n`,
    });
  });
  it.each([
    ['apps frobnicate', 'Unknown command "apps frobnicate".\nHelp: patient-access apps --help\n'],
    ['apps new', 'Unknown command "apps new".\nHelp: patient-access apps --help\n'],
    ['frobnicate --help', 'Unknown command "frobnicate".\nHelp: patient-access --help\n'],
    ['--nonsense', 'Unknown option "--nonsense".\nHelp: patient-access --help\n'],
  ])('%s: is reported alone if none is similar', async (line, err) => {
    expect(await runCli(line.split(' '))).toEqual({ code: 2, out: '', err });
  });
});

describe('the command line', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runCli(['--version'])).toEqual({ code: 0, out: `patient-access ${version}\n`, err: '' });
  });
  it.each([
    { formerly: 'faults', now: 'validation issues' },
    { formerly: 'feed refused', now: 'feed rejected' },
  ])('still runs $now by its former name $formerly, and says so on stderr', async ({ formerly, now }) => {
    expect(await runCli([...formerly.split(' '), '--nonsense'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(new RegExp(`^"${formerly}" is now "${now}"[^]*Usage: patient-access ${now}`)),
    });
  });
});
