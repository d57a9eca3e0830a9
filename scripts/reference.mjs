// Writes docs/reference from the tables that the server and the command line use: npm run reference.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SECTIONS } from '../src/cli/commands.ts';
import { EXIT_CODES } from '../src/cli/exit-codes.ts';
import { argumentMeaning, commandUsages, optionFlag, optionMeaning } from '../src/cli/help.ts';
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

Settings are environment variables. \`npm start\` works without any. If settings have errors, the server reports all of them at once and doesn't start. A secret can be in a file: the variable with the suffix \`_FILE\`, such as \`DATABASE_URL_FILE\`, names it. Administrators see the current values at \`/review/settings\`; secrets are hidden there.

| setting | default | meaning |
|---|---|---|
${rows.join('\n')}
`;
}

function commands() {
  return `# Commands

${NOTE}

Run a command with \`npm run cli -- COMMAND\` in the checkout, or with \`scripts/patient-access COMMAND\` from any folder. Commands work with or without a running server, on the database that the [settings](settings.md) name: give them the same \`DATA_DIR\` or \`DATABASE_URL\` as the server.

\`--help\` lists the commands, or explains one: \`npm run cli -- apps add --help\`. \`apps --help\` lists the commands that begin with \`apps\`.

| option of every command | meaning |
|---|---|
| \`--json\` | Print only JSON on standard output. Progress and remarks are on standard error. |
| \`--help\`, \`-h\` | Explain the command. |

\`--version\` instead of a command prints the version.

An option whose value ends in … takes several values: \`--add A B\` means the same as \`--add A --add B\`. Write a value that begins with a hyphen as \`--name=-x\`.

## Exit codes

| code | name | meaning |
|---|---|---|
${Object.entries(EXIT_CODES)
  .map(([code, { name, meaning }]) => `| ${code} | ${name} | ${meaning} |`)
  .join('\n')}

If a signal ends a command, shells report 128 and the number of the signal, such as 130 after Ctrl-C. \`serve\` stops normally on a signal, with 0.

${SECTIONS.map(({ title, commands }) => `## ${title}\n\n${commands.map(command).join('\n')}`).join('\n')}`;
}

function command(definition) {
  const { name, formerly, description, examples, exitCodes, notes = [], details = [] } = definition;
  const { arguments: positionals = [], options = {} } = definition;
  const rows = [
    ...positionals.map((one) => [one.name, argumentMeaning(one)]),
    ...Object.entries(options).map(([option, one]) => [optionFlag(option, one), optionMeaning(one)]),
  ];
  const parts = [
    `### ${name}`,
    description,
    fenced('', commandUsages(definition).join('\n')),
    ...(rows.length === 0 ? [] : [table(['argument', 'meaning'], rows)]),
    ...notes.map((note) => `${note.title}:\n\n${table(['value', 'meaning'], note.rows)}`),
    ...details,
    ...(exitCodes === undefined ? [] : [`Exit codes: 0 ${exitCodes[0]}; 1 ${exitCodes[1]}.`]),
    ...(formerly === undefined ? [] : [`Formerly \`${formerly}\`, which still works.`]),
    fenced('sh', examples.map((example) => `npm run cli -- ${example}`).join('\n')),
  ];
  return `${parts.join('\n\n')}\n`;
}

function fenced(language, text) {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function table(titles, rows) {
  const coded = rows.map(([value, meaning]) => [`\`${value}\``, meaning]);
  return [titles, titles.map(() => '---'), ...coded]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

if (import.meta.main) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages)) writeFileSync(path.join(folder, name), text);
}
