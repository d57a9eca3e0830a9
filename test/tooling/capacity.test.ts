import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { makeCapacityTables } from '../../bench/capacity/capacity-tables.ts';
import { makeScaleTables } from '../../bench/capacity/scale-tables.ts';

it.each([
  ['capacity', makeCapacityTables()],
  ['scale', makeScaleTables()],
])('docs/%s.md has the tables that the bench computes from its constants', async (name, made) => {
  const page = await readFile(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');
  const tables = Object.values(made);
  expect(tables).toHaveLength(3);
  for (const table of tables) expect(page).toContain(`\n\n${table}\n\n`);
});
