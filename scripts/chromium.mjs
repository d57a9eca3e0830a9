// Finds and installs Chromium for the browser tests. Plain JavaScript for any Node >= 20.
import { existsSync } from 'node:fs';

/** The headless shell renders the same pages with fewer resources, because it has no browser window. */
const PATHS = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const UPDATE = ['apt-get', 'update'];
const INSTALL = ['apt-get', 'install', '-y', '--no-install-recommends'];
/** Debian packages in order of preference. Not every release has both. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];

/**
 * Returns the path of the program, or undefined if there is none. The environment variable CHROMIUM takes precedence.
 */
export function findChromium() {
  const chosen = process.env.CHROMIUM;
  return chosen ? chosen : PATHS.find((candidate) => existsSync(candidate));
}

/** @returns instructions for the user, or undefined if a Chromium is there */
export function missingChromium() {
  const found = findChromium();
  if (found === undefined)
    return `The browser tests need Chromium, which isn't installed. Install it:\n  ${installCommands('user')}`;
  return existsSync(found) ? undefined : `CHROMIUM is ${found}, but that file doesn't exist.`;
}

/** Whether the Debian package can be installed without asking: as root. */
export const canInstallChromium = () =>
  !process.env.CHROMIUM && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** @param run runs a program and resolves with its exit code */
export async function installChromium(run) {
  const quiet = ['-qq', '-o', 'Dpkg::Use-Pty=0'];
  const succeeds = async ([command, ...args]) =>
    (await run(command, [...args, ...quiet], { DEBIAN_FRONTEND: 'noninteractive' })) === 0;
  await succeeds(UPDATE);
  for (const name of PACKAGES) if (await succeeds([...INSTALL, name])) return;
  throw new Error(
    `Chromium for the browser tests couldn't be installed. This command failed:\n  ${installCommands('root')}`,
  );
}

function installCommands(user) {
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  if (!existsSync('/usr/bin/apt-get')) {
    return "your system's package of chromium (or set CHROMIUM to the program's path)";
  }
  const prefix = user === 'root' ? '' : 'sudo ';
  return [UPDATE, [...INSTALL, PACKAGES.at(-1)]].map((command) => prefix + command.join(' ')).join(' && ');
}
