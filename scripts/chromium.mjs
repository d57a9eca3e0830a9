// Plain JavaScript for any Node >= 20: where the browser tests find a Chromium, and how one is installed.
import { existsSync } from 'node:fs';

/** The headless shell draws the same pages for less: it has no window, and nothing around the page. */
const PLACES = [
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
/** Debian's packages, the best first: not every release has both. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];

/** The program's path, or undefined when there is none. The variable CHROMIUM decides where it is set. */
export function findChromium() {
  const chosen = process.env.CHROMIUM;
  return chosen ? chosen : PLACES.find((place) => existsSync(place));
}

/** @returns what the user has to do, or undefined when a Chromium is there */
export function missingChromium() {
  const found = findChromium();
  if (found === undefined) return `There is no Chromium for the browser tests. Install one:\n  ${commandsFor('user')}`;
  return existsSync(found) ? undefined : `CHROMIUM names ${found}, and there is no such file.`;
}

/** Debian's package can be installed where that needs no one's permission: as root. */
export const canInstallChromium = () =>
  !process.env.CHROMIUM && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

/** @param run runs a program and resolves with its exit code */
export async function installChromium(run) {
  const quiet = ['-qq', '-o', 'Dpkg::Use-Pty=0'];
  const succeeds = async ([command, ...args]) =>
    (await run(command, [...args, ...quiet], { DEBIAN_FRONTEND: 'noninteractive' })) === 0;
  await succeeds(UPDATE);
  for (const name of PACKAGES) if (await succeeds([...INSTALL, name])) return;
  throw new Error(`Chromium for the browser tests was not installed: this failed:\n  ${commandsFor('root')}`);
}

function commandsFor(who) {
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  if (!existsSync('/usr/bin/apt-get')) {
    return "your system's package of chromium (or set CHROMIUM to the program's path)";
  }
  const prefix = who === 'root' ? '' : 'sudo ';
  return [UPDATE, [...INSTALL, PACKAGES.at(-1)]].map((command) => prefix + command.join(' ')).join(' && ');
}
