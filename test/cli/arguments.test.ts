import { describe, expect, it } from 'vitest';
import { readArguments } from '../../src/cli/arguments.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const OPTIONS = {
  add: { type: 'string', multiple: true, default: [] as string[] },
  practice: { type: 'string' },
  everyone: { type: 'boolean' },
} as const;
const read = (line: string, ...names: readonly string[]) => {
  const { values, positionals } = readArguments(line.split(' '), OPTIONS, names);
  return { add: values.add, practice: values.practice, positionals };
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

describe('a usage error', () => {
  it.each([
    ['G --add A', ['GROUP_ID', 'NAME'], 'NAME is missing.'],
    ['--everyone', ['FILE…'], 'FILE is missing.'],
    ['G H', ['GROUP_ID'], 'Unexpected argument "H".'],
    ['G --practice Live practice', ['GROUP_ID'], '--practice takes one value. Put quotes around a value with spaces.'],
    ['G --nonsense', ['GROUP_ID'], "Unknown option '--nonsense'"],
    ['G --add', ['GROUP_ID'], "Option '--add <value>' argument missing"],
  ])('%s: is explained', (line, names, message) => {
    expect(() => read(line, ...names)).toThrow(message);
  });

  it.each([
    [['groups', 'members', 'G'], 'Nothing to change. Add --add or --remove.', 'groups members'],
    [['apps', 'show'], 'CLIENT_ID is missing.', 'apps show CLIENT_ID'],
    [['record', 'merge', ANN], '--into is missing.', 'record merge PATIENT_ID'],
    [['apps', 'frobnicate'], 'Unknown command "apps frobnicate".', 'apps add'],
  ])('of %j starts with the error, followed by the usage', { timeout: 60_000 }, async (args, message, usage) => {
    const { code, out, err } = await runCli(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')[0]).toBe(message);
    expect(err).toContain(`patient-access ${usage}`);
    expect(err).not.toContain('patient-access serve');
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
