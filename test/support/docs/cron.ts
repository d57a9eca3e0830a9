import type { Shell } from './shell.ts';

/** A line of a file in /etc/cron.d, and what came of running it. */
export interface CronRun {
  readonly command: string;
  readonly status: number;
  readonly errors: string;
}

/** Time and date fields of a line (crontab(5)), the user, and the command. */
const LINE = /^(?:[\d*/,-]+ ){5}(\w[\w-]*) (.+)$/;

/**
 * Runs the lines of a file in /etc/cron.d at once, with the user, folder and environment that Debian's cron gives them.
 * @throws if cron would ignore the file (cron(8), Debian) or one of its lines
 */
export async function runCronFile(shell: Shell, file: string): Promise<readonly CronRun[]> {
  const { output: facts } = await shell.run(`stat --format='%U %a' ${file}; tail --bytes=1 ${file} | od -An -c`);
  if (!/^root (?:644|640|600)\s+\\n\s*$/.test(facts) || !/\/[\w-]+$/.test(file))
    throw new Error(`cron ignores ${file}: ${facts}`);
  const { output } = await shell.run(`cat ${file}`);
  const runs: CronRun[] = [];
  for (const line of output.trim().split('\n')) {
    const [, user, command = ''] = LINE.exec(line) ?? [];
    if (user === undefined || command.includes('%')) throw new Error(`not a line that cron runs as it is: ${line}`);
    const home = (await shell.run(`getent passwd ${user} | cut -d: -f6`)).output.trim();
    const environment = `HOME=${home} LOGNAME=${user} SHELL=/bin/sh PATH=/usr/bin:/bin`;
    const quoted = command.replaceAll("'", "'\\''");
    const ran = await shell.run(`(cd ${home} && runuser -u ${user} -- env -i ${environment} /bin/sh -c '${quoted}')`);
    runs.push({ command, status: ran.status, errors: ran.errors });
  }
  return runs;
}
