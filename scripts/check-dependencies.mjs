// Checks each package in package-lock.json: its license is allowed (allowed-licenses.mjs), and it comes from an npm
// registry, with a digest that npm compares when it installs. Most entries name no address: they come from the registry
// that npm is configured with.
import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import { ALLOWED, ALLOWED_FOR_DEVELOPMENT, EXCEPTIONS } from './allowed-licenses.mjs';

const REGISTRY = 'https://registry.npmjs.org/';
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const entries = Object.entries(packages)
  .filter(([place]) => place !== '')
  .map(([place, entry]) => ({ name: entry.name ?? place.split('node_modules/').at(-1), ...entry }));
const used = new Set(entries.map(exceptionOf));
const problems = [
  ...entries.flatMap(licenseProblems),
  ...entries.flatMap(originProblems),
  ...EXCEPTIONS.filter((one) => !used.has(one)).map(
    ({ name }) => `${name}: the exception for its license isn’t needed any longer. Delete it.`,
  ),
];
for (const problem of problems) console.log(problem);
console.log(`${entries.length} packages checked`);
if (problems.length > 0) process.exitCode = 1;

function licenseProblems(entry) {
  if (isAllowed(entry) || exceptionOf(entry) !== undefined) return [];
  const { name, version, license = 'none', dev } = entry;
  return [`${name}@${version}: its license (${license}) isn’t allowed${dev === true ? '' : ' in what we ship'}`];
}

/** Whether a license expression, such as `(MIT OR GPL-3.0-only)`, leaves a choice that is allowed. */
function isAllowed({ license = '', dev }) {
  try {
    return satisfies(license, dev === true ? [...ALLOWED, ...ALLOWED_FOR_DEVELOPMENT] : ALLOWED);
  } catch {
    return false;
  }
}

function exceptionOf({ name, license }) {
  return EXCEPTIONS.find((one) => one.name === name && one.license === license);
}

function originProblems({ name, version, resolved = REGISTRY, integrity = '' }) {
  return [
    ...(resolved.startsWith(REGISTRY) ? [] : [`${name}@${version}: it isn’t from the npm registry`]),
    ...(/^sha512-/.test(integrity) ? [] : [`${name}@${version}: package-lock.json has no SHA-512 digest of it`]),
  ];
}
