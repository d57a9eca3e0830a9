import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitStatements } from './split-statements.ts';

const DIR = path.join(import.meta.dirname, 'migrations');

describe('the statements of a text', () => {
  it.each([
    ['two statements', 'select 1; select 2;', ['select 1', ' select 2']],
    ['a last one without a semicolon', 'select 1;\nselect 2', ['select 1', '\nselect 2']],
    ['none in comments', '-- a; b\n/* c; d */ ;', []],
    ['a comment before a statement stays with it', '-- a; b\nselect 1;', ['-- a; b\nselect 1']],
    ['a text with a semicolon', "select 'a;''b;';select 2", ["select 'a;''b;'", 'select 2']],
    ['a text with escapes', "select e'a\\';b', E'\\\\';select 2", ["select e'a\\';b', E'\\\\'", 'select 2']],
    ['a text that ends in a backslash', "select name'\\';select 2", ["select name'\\'", 'select 2']],
    ['a name with a semicolon', 'select 1 as "a;""b";', ['select 1 as "a;""b"']],
    ['dollar quotes', 'do $$ a; $b$ c; $$; do $x$ a; $$ b; $x$;', ['do $$ a; $b$ c; $$', ' do $x$ a; $$ b; $x$']],
    ['parameters', 'select $1; select $2;', ['select $1', ' select $2']],
  ])('%s', (_, text, expected) => {
    expect(splitStatements(text)).toEqual(expected);
  });

  it('of each migration are its text, and begin with a command', () => {
    for (const file of readdirSync(DIR)) {
      const sql = readFileSync(path.join(DIR, file), 'utf8');
      const statements = splitStatements(sql);
      expect(sql.replaceAll(/[;\s]/g, '')).toContain(statements.join('').replaceAll(/[;\s]/g, ''));
      for (const text of statements)
        expect(text.replaceAll(/^\s*--.*$/gm, '').trim()).toMatch(
          /^(alter|create|delete|do|drop|insert|revoke|select|update|with)\b/i,
        );
    }
  });
});
