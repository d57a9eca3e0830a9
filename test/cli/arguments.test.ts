import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/arguments.ts';
import type { OptionDefinition } from '../../src/cli/definition.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const OPTIONS = {
  add: { value: 'PATIENT_ID…', text: 'Patients', multiple: true },
  practice: { value: 'NAME', text: 'Practice' },
  kind: { value: 'KIND', text: 'Kind', choices: ['sandbox', 'live'], default: 'live' },
  everyone: { text: 'All patients' },
} as const satisfies Record<string, OptionDefinition>;
const read = (line: string, ...names: readonly string[]) => {
  const definition = { arguments: names.map((name) => ({ name, text: '' })), options: OPTIONS };
  const { values, positionals } = readArguments(definition, line.split(' '));
  return { ...values, positionals };
};

describe('an option that takes several values', () => {
  it.each([
    ['after one flag each', 'G --add A --add B'],
    ['after one flag', 'G --add A B'],
    ['after one flag, with the positional argument last', '--add A B G'],
    ['after one flag, with the positional argument after --', '--add A B -- G'],
    ['after = too', 'G --add=A B'],
    ['beside other options', 'G --add A --everyone --add B --practice P'],
  ])('accepts them %s', (_, line) => {
    expect(read(line, 'GROUP_ID')).toMatchObject({ add: ['A', 'B'], positionals: ['G'] });
  });

  it.each([
    ['all values that follow are its own once a file is named', 'F --add A B', { add: ['A', 'B'], positionals: ['F'] }],
    ['it takes one value if no file is named before', '--add A F1 F2', { add: ['A'], positionals: ['F1', 'F2'] }],
  ])('if a command accepts any number of files, %s', (_, line, expected) => {
    expect(read(line, 'FILE…')).toMatchObject(expected);
  });
});

describe('an option that was left out', () => {
  it('has its default value, is false if it is a switch, and is undefined otherwise', () => {
    expect(read('G', 'GROUP_ID')).toEqual({ kind: 'live', everyone: false, positionals: ['G'] });
  });
});

describe('a value', () => {
  it('may begin with a hyphen after =', () => {
    expect(read('G --practice=-1', 'GROUP_ID')).toMatchObject({ practice: '-1' });
  });
  it('matches an allowed choice in any case, and is rejected otherwise', () => {
    expect(read('G --kind SANDBOX', 'GROUP_ID')).toMatchObject({ kind: 'sandbox' });
    expect(() => read('G --kind real', 'GROUP_ID')).toThrow('--kind is "real" but must be one of: sandbox, live.');
  });
});

describe('a usage error', () => {
  it.each([
    ['G --add A', ['GROUP_ID', 'NAME'], 'NAME is missing.'],
    ['--everyone', ['GROUP_ID', 'NAME'], 'GROUP_ID and NAME are missing.'],
    ['--everyone', ['FILE…'], 'FILE is missing.'],
    ['G H', ['GROUP_ID'], 'Unexpected argument "H".'],
    ['G --practice Live practice', ['GROUP_ID'], '--practice takes one value. Put quotes around a value with spaces.'],
    ['G --nonsense', ['GROUP_ID'], 'Unknown option "--nonsense".'],
    ['G --practise Live', ['GROUP_ID'], 'Unknown option "--practise". Did you mean "--practice"?'],
    ['G --eve', ['GROUP_ID'], 'Unknown option "--eve". Did you mean "--everyone"?'],
    ['G -p', ['GROUP_ID'], 'Unknown option "-p".'],
    ['G --add', ['GROUP_ID'], '--add needs a value: --add PATIENT_ID….'],
    [
      'G --practice --add A',
      ['GROUP_ID'],
      '--practice needs a value. If "--add" is the value, write --practice=--add.',
    ],
    ['G --everyone=yes', ['GROUP_ID'], '--everyone takes no value.'],
  ])('%s: is explained', (line, names, message) => {
    expect(() => read(line, ...names)).toThrow(message);
  });

  it.each([
    [['groups', 'members', 'G'], 'Nothing to change. Add --add or --remove.', 'groups members GROUP_ID [options]'],
    [['apps', 'show'], 'CLIENT_ID is missing.', 'apps show CLIENT_ID'],
    [['apps', 'list', 'extra'], 'Unexpected argument "extra".', 'apps list'],
    [['apps', 'add', '--kind', 'robot'], '--name and --api are missing.', 'apps add --name NAME --api API… [options]'],
    [
      ['staff', 'add', '--username', 'dana', '--name', ' '],
      '--name is missing.',
      'staff add --username NAME --name NAME [options]',
    ],
    [['record', 'merge', ANN], '--into is missing.', 'record merge PATIENT_ID --into PATIENT_ID [options]'],
  ])('of %j is followed by the usage and how to get help', { timeout: 60_000 }, async (args, message, usage) => {
    const name = args.slice(0, 2).join(' ');
    expect(await runCli(args)).toEqual({
      code: 2,
      out: '',
      err: `${message}\nUsage: patient-access ${usage}\nHelp: patient-access ${name} --help\n`,
    });
  });

  it('names each way to call a command', async () => {
    expect((await runCli(['record', 'retract'])).err.split('\n').slice(1, 3)).toEqual([
      'Usage: patient-access record retract TYPE/ID… [--to PATIENT_ID] [--practice NAME]',
      '   or: patient-access record retract TYPE/ID… --lift [--practice NAME]',
    ]);
  });

  it('is found before settings are read', async () => {
    expect(await runCli(['apps', 'show'], { PORT: 'none' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('CLIENT_ID is missing.'),
    });
  });
});

describe('commands', () => {
  const { run } = cliDatabase();
  const CALLBACKS = ['https://a.example/callback', 'https://b.example/callback'];

  it('accept several values after one option', { timeout: 180_000 }, async () => {
    const result = await run(
      'apps',
      'add',
      '--name',
      'Two callbacks',
      '--redirect-uri',
      ...CALLBACKS,
      '--api',
      'r4',
      'dstu2',
    );
    expect(result.code).toBe(0);
    const shown = await run('apps', 'show', result.answer.client_id);
    expect(shown.answer).toMatchObject({ redirect_uris: CALLBACKS, apis: [expect.anything(), expect.anything()] });
    const set = await run('apps', 'set', result.answer.client_id, '--answer', 'sold=no', 'kept=no');
    expect(set.answer.data_use).toEqual({ sold: 'no', kept: 'no' });
  });
});
