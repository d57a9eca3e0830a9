// Asks the npm registry for known vulnerabilities of the packages that we ship, and fails if one of at least moderate
// severity isn't accepted in accepted-advisories.mjs. Exit codes: 0 none, 1 vulnerabilities or an acceptance that has
// ended, 2 the registry couldn't be asked. It isn't part of `npm run check`, because its result changes without a change here,
// and it needs the network.
import { spawnSync } from 'node:child_process';
import { ACCEPTED } from './accepted-advisories.mjs';

/** Severities of npm, from the least to the most severe. */
const SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'];
const LEVEL = 'moderate';

/**
 * Compares a report of `npm audit --json` with the accepted advisories.
 * @param today the date as `YYYY-MM-DD`
 * @returns a line for each problem, and a line for each advisory that is only printed
 */
export function judge(report, accepted, today) {
  const advisories = advisoriesIn(report);
  const problems = [];
  const notes = [];
  for (const { id, name, severity, title } of advisories) {
    const line = `${name}: ${title} (${severity}, ${id})`;
    const acceptance = accepted.find((one) => one.id === id);
    if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(LEVEL)) notes.push(line);
    else if (acceptance === undefined) problems.push(line);
    else if (acceptance.until < today) problems.push(`${line}: it was accepted until ${acceptance.until}`);
    else notes.push(`${line}: accepted until ${acceptance.until}. ${acceptance.reason}`);
  }
  for (const { id } of accepted)
    if (!advisories.some((one) => one.id === id))
      problems.push(`${id}: no package that we ship has it any longer. Delete it from accepted-advisories.mjs.`);
  return { problems, notes };
}

/** The advisories of a report. A package whose dependency is vulnerable names that package instead of an advisory. */
function advisoriesIn({ vulnerabilities }) {
  const advisories = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((one) => typeof one === 'object')
    .map(({ url, name, severity, title }) => ({ id: url.split('/').at(-1), name, severity, title }));
  return [...new Map(advisories.map((one) => [`${one.name} ${one.id}`, one])).values()];
}

function audit() {
  const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--json', '--package-lock-only'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
  try {
    const report = JSON.parse(stdout);
    if (report.vulnerabilities !== undefined) return report;
    return { error: report.error?.summary || report.message || 'npm audit sent no report' };
  } catch {
    return { error: stderr.trim() || 'npm audit sent no report' };
  }
}

if (import.meta.main) {
  const report = audit();
  if (report.error === undefined) {
    const { problems, notes } = judge(report, ACCEPTED, new Date().toISOString().slice(0, 10));
    for (const line of [...notes, ...problems]) console.log(line);
    console.log(`${problems.length} problems in the packages that we ship`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  } else {
    console.error(`npm audit failed, so vulnerabilities are unknown: ${report.error}`);
    process.exitCode = 2;
  }
}
