import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['src', 'web', 'docs', 'test', 'scripts', 'deploy'];

/** Paths in code style with a slash. `patient/`, `user/` and `system/` are the contexts of scopes. */
const paths = [...readFileSync(path.join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(/`([\w*.-]+\/[\w*./-]*)`/g)]
  .map(([, name = '']) => name)
  .filter((name) => !/^(?:patient|user|system)\/$/.test(name));

it.each([...new Set(paths)])('ARCHITECTURE.md names %s, which exists', (name) => {
  const full = FOLDERS.some((folder) => name.startsWith(`${folder}/`)) ? name : `src/${name}`;
  expect(globSync([full, `${full}.ts`], { cwd: ROOT })).not.toEqual([]);
});
