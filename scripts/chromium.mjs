// Plain JavaScript for any Node >= 20: where the browser tests find a Chromium, and how one is installed.
import { existsSync } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const COMMANDS = [
  ['apt-get', 'update'],
  ['apt-get', 'install', '-y', '--no-install-recommends', 'chromium'],
];

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
  for (const [command, ...args] of COMMANDS) {
    const quiet = ['-qq', '-o', 'Dpkg::Use-Pty=0'];
    const status = await run(command, [...args, ...quiet], { DEBIAN_FRONTEND: 'noninteractive' });
    if (status !== 0) {
      throw new Error(`Chromium for the browser tests was not installed: this failed:\n  ${commandsFor('root')}`);
    }
  }
}

function commandsFor(who) {
  if (process.platform === 'darwin') return 'brew install --cask chromium';
  if (!existsSync('/usr/bin/apt-get')) {
    return "your system's package of chromium (or set CHROMIUM to the program's path)";
  }
  const prefix = who === 'root' ? '' : 'sudo ';
  return COMMANDS.map((command) => prefix + command.join(' ')).join(' && ');
}
