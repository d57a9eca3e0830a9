import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/checkout.ts';

const WEB = path.join(CHECKOUT, 'web');
const STYLES = path.join(CHECKOUT, 'node_modules/@mantine/core/styles');
const IMPORT = /import \{([^}]*)\} from '@mantine\/core'/g;

it('each component that a page uses has its stylesheet', () => {
  const sources = globSync('{admin,developer,shell}/**/*.{ts,tsx}', { cwd: WEB }).map((file) =>
    readFileSync(path.join(WEB, file), 'utf8'),
  );
  const names = sources.flatMap((source) =>
    [...source.matchAll(IMPORT)].flatMap(([, list = '']) =>
      list.split(',').map((name) => name.trim().split(' ')[0] ?? ''),
    ),
  );
  const needed = [...new Set(names)].filter((name) => existsSync(path.join(STYLES, `${name}.css`)));
  expect(needed).toContain('Button');
  const loaded = readFileSync(path.join(WEB, 'shell/component-styles.ts'), 'utf8');
  expect(needed.filter((name) => !loaded.includes(`/styles/${name}.css`))).toEqual([]);
});
