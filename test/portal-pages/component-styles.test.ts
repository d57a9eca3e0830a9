import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/checkout.ts';

const WEB = path.join(CHECKOUT, 'web');
const STYLES = path.join(CHECKOUT, 'node_modules/@mantine/core/styles');
/** A component that is a member of another one, such as `Radio.Card`. Some have a stylesheet of their own. */
const MEMBER = /<([A-Z][A-Za-z]+)\.([A-Z][A-Za-z]+)/g;
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
  const members = sources.flatMap((source) => [...source.matchAll(MEMBER)].map(([, owner, name]) => `${owner}${name}`));
  const needed = [...new Set([...names, ...members])].filter((name) => existsSync(path.join(STYLES, `${name}.css`)));
  expect(needed).toEqual(expect.arrayContaining(['Button', 'RadioCard']));
  const loaded = readFileSync(path.join(WEB, 'shell/component-styles.ts'), 'utf8');
  expect(needed.filter((name) => !loaded.includes(`/styles/${name}.css`))).toEqual([]);
});
