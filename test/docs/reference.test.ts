import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';

const { pages } = await import(new URL('../../scripts/reference.mjs', import.meta.url).href);
const folder = new URL('../../docs/reference/', import.meta.url);

it('npm run reference has been run: every reference page is current', () => {
  const written = readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]);
  expect(Object.fromEntries(written)).toEqual(pages);
});

/** Returns the part of the reference about a command, up to the next heading. */
const sectionOf = (name: string): string => pages['commands.md'].split(`\n### ${name}\n`)[1]?.split(/\n##+ /)[0] ?? '';

it.each(COMMANDS)('the reference of $name has the arguments, options and examples of its help', (command) => {
  const section = sectionOf(command.name);
  expect(section).toContain(command.description);
  for (const { name, text } of command.arguments ?? []) expect(section).toContain(`| \`${name}\` | ${text}`);
  for (const [name, { text }] of Object.entries(command.options ?? {})) {
    const [row = ''] = section.split('\n').filter((line) => line.startsWith(`| \`--${name}`));
    expect(row).toContain(`\` | ${text}`);
  }
  for (const note of command.notes ?? []) expect(section).toContain(`${note.title}:`);
  for (const example of command.examples) expect(section).toContain(`npm run cli -- ${example}\n`);
});

it('the reference explains every exit code', () => {
  for (const [code, { name, meaning }] of Object.entries(EXIT_CODES))
    expect(pages['commands.md']).toContain(`| ${code} | ${name} | ${meaning} |`);
});
