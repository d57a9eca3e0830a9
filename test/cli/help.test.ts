import { describe, expect, it } from 'vitest';
import { cli } from '../support/processes.ts';

describe('help', () => {
  it('is what --help is', async () => {
    const [help, option] = await Promise.all([cli(['help'], {}), cli(['--help'], {})]);
    expect(help.err).toContain('patient-access apps add');
    expect(help).toEqual(option);
    expect(help.code).toBe(0);
  });
  it('says more of one command', async () => {
    const [help, option] = await Promise.all([cli(['help', 'apps', 'log'], {}), cli(['apps', 'log', '--help'], {})]);
    expect(help.out).toContain('Usage: patient-access apps log CLIENT_ID');
    expect(help).toEqual(option);
  });
});
