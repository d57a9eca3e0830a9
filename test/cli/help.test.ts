import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/processes.ts';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('help', () => {
  it('is what --help is', async () => {
    const [help, option] = await Promise.all([cli(['help'], {}), cli(['--help'], {})]);
    expect(help.err).toContain('patient-access apps add');
    expect(help).toEqual(option);
    expect(help.code).toBe(0);
    const commands = [...help.err.matchAll(/^ {2}patient-access ([a-z][a-z0-9]*(?: [a-z][a-z-]*)?)/gm)];
    const names = commands.map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !README.includes(`\`${name}`))).toEqual([]);
  });
  it('says more of one command', async () => {
    const [help, option] = await Promise.all([cli(['help', 'apps', 'log'], {}), cli(['apps', 'log', '--help'], {})]);
    expect(help.out).toContain('Usage: patient-access apps log CLIENT_ID');
    expect(help).toEqual(option);
  });
});
