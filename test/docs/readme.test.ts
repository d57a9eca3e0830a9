import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../../src/config/index.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

describe('README', () => {
  it('has the table of settings that the server has', () => {
    const rows = SETTINGS.map(({ name, default: value, meaning }) => `| \`${name}\` | ${value} | ${meaning} |`);
    const table = ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
    expect(readme).toContain(table);
  });
});
