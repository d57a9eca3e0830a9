import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { STAFF_ROLES } from '../../src/identity/index.ts';
import { runCli } from '../support/servers/command-line.ts';

describe('help', () => {
  it('prints the same as --help', async () => {
    const [help, option] = await Promise.all([runCli(['help']), runCli(['--help'])]);
    expect(help.err).toContain('patient-access apps add');
    expect(help).toEqual(option);
    expect(help.code).toBe(0);
    const commands = [...help.err.matchAll(/^ {2}patient-access ([a-z][a-z0-9]*(?: [a-z][a-z-]*)?)/gm)];
    const names = commands.map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(40);
  });
  it('explains one command', async () => {
    const [help, option] = await Promise.all([runCli(['help', 'apps', 'log']), runCli(['apps', 'log', '--help'])]);
    expect(help.out).toContain('Usage: patient-access apps log CLIENT_ID');
    expect(help).toEqual(option);
    const { code, out } = await runCli(['apps', 'add', '--help']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('--redirect-uri') });
  });
  it('of staff add lists every role', async () => {
    expect((await runCli(['staff', 'add', '--help'])).out).toContain(`Roles: ${STAFF_ROLES.join(', ')};`);
  });
  it.each(COMMANDS)('prints the usage of $name, which starts with its name', async ({ name, usage, summary, load }) => {
    expect(usage.startsWith(name)).toBe(true);
    expect(await runCli([...name.split(' '), '--help'])).toEqual({
      code: 0,
      out: `Usage: patient-access ${usage}\n${summary}\n`,
      err: '',
    });
    expect(await load()).toBeTypeOf('function');
  });
});

describe('the command line', () => {
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
  it.each<[string, string[], number, string]>([
    ['nothing', [], 0, 'Usage'],
    ['an unknown command', ['apps', 'frobnicate'], 2, 'Unknown command "apps frobnicate"'],
    ['an unknown option', ['apps', 'add', '--nonsense'], 2, '--nonsense'],
  ])('prints its usage when given %s', async (_, args, code, text) => {
    expect(await runCli(args)).toEqual({ code, out: '', err: expect.stringContaining(text) });
  });
});
