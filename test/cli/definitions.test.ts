import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DATA_USE_QUESTIONS } from '../../src/access/index.ts';
import { allowedGrounds } from '../../src/apps/index.ts';
import { APP_STATES, TRANSITIONS } from '../../src/apps/lifecycle.ts';
import { readArguments } from '../../src/cli/arguments.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { STAFF_ROLES } from '../../src/identity/index.ts';
import { DEFAULT_TIME_ZONE } from '../../src/practices/index.ts';
import { runCli } from '../support/servers/command-line.ts';

const definitionOf = (name: string) => COMMANDS.find((command) => command.name === name);

/** Splits a command line into words as a shell does. The variables of examples have values. */
const shellWords = (line: string): readonly string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], {
    encoding: 'utf8',
    env: {
      CLIENT_ID: 'client',
      PATIENT_ID: 'ann',
      OTHER_PATIENT_ID: 'bob',
      GROUP_ID: 'g',
      GRANT_ID: 'g',
      ID: '1',
      PRACTITIONER_ID: 'p',
    },
  })
    .split('\0')
    .slice(0, -1);

describe('the definition of a command', () => {
  it.each(COMMANDS)('$name has code, and examples that the command accepts', async (command) => {
    expect(await command.load()).toBeTypeOf('function');
    expect(command.examples).not.toEqual([]);
    for (const example of command.examples) {
      const words = shellWords(example);
      const name = command.name.split(' ');
      expect(words.slice(0, name.length)).toEqual(name);
      expect(words).not.toContain('');
      if (words.at(-1) !== '--json') expect(() => readArguments(command, words.slice(name.length))).not.toThrow();
    }
  });
  it('allows the same values as the server', () => {
    expect(definitionOf('staff add')?.options?.['role']?.choices).toEqual(STAFF_ROLES);
    expect(definitionOf('practices add')?.options?.['time-zone']?.default).toBe(DEFAULT_TIME_ZONE);
    expect(definitionOf('apps set-state')?.arguments?.[1]?.choices?.toSorted()).toEqual(APP_STATES.toSorted());
  });
  it('lists the changes of an app’s state and their grounds', () => {
    const [changes, grounds] = definitionOf('apps set-state')?.notes ?? [];
    const expected = APP_STATES.filter((state) => TRANSITIONS[state].length > 0);
    expect(changes?.rows.map(([state]) => state).toSorted()).toEqual(expected.toSorted());
    for (const [state, meaning] of changes?.rows ?? [])
      expect(meaning.match(/[a-z]+/g)?.filter((word) => !/^(to|or)$/.test(word))).toEqual(TRANSITIONS[state as never]);
    const [all, notPatient, retiring] = (grounds?.rows ?? []).map(([values]) => values.split(', '));
    expect(all).toEqual(allowedGrounds('patient', 'suspend'));
    expect([...(all ?? []), ...(notPatient ?? [])]).toEqual(allowedGrounds('staff', 'reject'));
    expect([...(all ?? []), ...(retiring ?? [])]).toEqual(allowedGrounds('patient', 'retire'));
  });
  it('lists all questions about data use', () => {
    const questions = definitionOf('apps set')?.notes?.[0]?.rows.flatMap(([values]) => values.split(', '));
    expect(questions?.toSorted()).toEqual(DATA_USE_QUESTIONS.toSorted());
  });
});

describe('exit codes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'patient-access-exit-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: unknown): string => {
    writeFileSync(path.join(folder, name), JSON.stringify(content));
    return path.join(folder, name);
  };

  it('are listed by the help of the program', async () => {
    const listed = Object.entries(EXIT_CODES).map(([code, { name }]) => `${code} ${name}`);
    expect((await runCli(['--help'])).out).toContain(`\nExit codes: ${listed.join('; ')}\n`);
  });
  it('0: the command succeeded', async () => {
    expect(await runCli(['validate', file('good.json', { resourceType: 'Patient' })])).toMatchObject({ code: 0 });
  });
  it('1: the command found errors', async () => {
    expect(await runCli(['validate', file('bad.json', { resourceType: 'Patient', gender: 7 })])).toMatchObject({
      code: 1,
    });
  });
  it('1: the command failed', async () => {
    const failed = await runCli(['validate', 'export.ndjson', '--ig', path.join(folder, 'nowhere.tgz')]);
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('no implementation guide') });
  });
  it('1: a value is not allowed', async () => {
    const rejected = await runCli(['grants', 'end', 'x', '--by', 'me']);
    expect(rejected).toMatchObject({ code: 1, err: '--by is "me" but must be one of: patient, staff.\n' });
  });
  it('1: the settings have errors', async () => {
    expect(await runCli(['apps', 'list'], { PORT: 'none' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('PORT'),
    });
  });
  it('2: the usage is wrong', async () => {
    for (const words of [['frobnicate'], ['apps', 'list', '--nonsense'], ['apps', 'show'], ['migrate', 'now']])
      expect((await runCli(words)).code).toBe(2);
  });
});
