// Writes docs/reference from the tables that the server and the command line use: npm run reference.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { COMMANDS } from '../src/cli/commands.ts';
import { SETTINGS } from '../src/config/index.ts';

const folder = path.join(import.meta.dirname, '../docs/reference');
const NOTE = '<!-- `npm run reference` writes this page. -->';

/** The text of each page, by its file name. */
export const pages = { 'settings.md': settings(), 'commands.md': commands() };

function settings() {
  const rows = SETTINGS.map(
    ({ name, default: value, meaning }) =>
      `| \`${name}\` | ${value.startsWith('`') || value === '' ? value : `\`${value}\``} | ${meaning} |`,
  );
  return `# Settings

${NOTE}

Settings are environment variables. \`npm start\` works without any. If settings have errors, the server reports all of them at once and doesn't start. Administrators see the current values at \`/review/settings\`; secrets are hidden there.

| setting | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

function commands() {
  const groups = Map.groupBy(COMMANDS, ({ name }) => name.split(' ')[0]);
  const section = ([group, list]) => {
    const entries = list.map((one) => (list.length === 1 ? entry(one, '##') : entry(one, '###')));
    return list.length === 1 ? entries.join('\n') : `## ${group}\n\n${entries.join('\n')}`;
  };
  return `# Commands

${NOTE}

Run a command with \`npm run cli -- COMMAND\` in the checkout, or with \`scripts/patient-access COMMAND\` from any folder. Commands work with or without a running server, on the database that the [settings](settings.md) name: give them the same \`DATA_DIR\` or \`DATABASE_URL\` as the server.

- \`--json\` prints only JSON on standard output.
- \`--help\` explains one command.
- Exit codes: 0 success, 1 failure, 2 usage error.

${[...groups].map(section).join('\n')}`;
}

function entry({ name, formerly, usage, summary }, level) {
  const former = formerly === undefined ? '' : `\n\nFormerly \`${formerly}\`, which still works.`;
  return `${level} ${name}\n\n\`\`\`\n${usage}\n\`\`\`\n\n${summary}${former}\n`;
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages)) writeFileSync(path.join(folder, name), text);
}
