import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { htmlToString } from '../../src/kernel/index.ts';
import { renderMarkdown } from '../../src/public-site/docs/markdown.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { findCommand } from '../support/docs/commands.ts';
import { failuresOf, outputDifferences } from '../support/docs/compare.ts';
import { runCronFile } from '../support/docs/cron.ts';
import { fillIn } from '../support/docs/fill-in.ts';
import { missingForMachine, OwnMachine } from '../support/docs/own-machine.ts';
import { type PageExample, readDocsPage } from '../support/docs/page-blocks.ts';
import { bundledServer } from '../support/servers/processes.ts';

/** Pages whose blocks are pasted, one page after the other. */
const PAGES = ['docs/production.md', 'docs/backup-external.md'];
/** Sections that need a further Debian package, and its program. A page that needs one has the name of its file. */
const PROGRAMS: Readonly<Record<string, string>> = {
  nginx: 'nginx',
  HAProxy: 'haproxy',
  PgBouncer: 'pgbouncer',
  'docs/backup-external.md': 'pgbackrest',
};

const sections = PAGES.flatMap((page) =>
  readFileSync(path.join(CHECKOUT, page), 'utf8')
    .split(/^(?=###? )/m)
    .map((text) => ({
      name: /^#+ (.*)/.exec(text)?.[1] ?? '',
      examples: readDocsPage(`<article>${htmlToString(renderMarkdown(text).html)}</article>`).examples,
    }))
    .filter(({ examples }) => examples.length > 0)
    .map((section) => {
      const program = PROGRAMS[section.name] ?? PROGRAMS[page];
      const isMissing = program !== undefined && findCommand(program) === undefined;
      return { ...section, skipped: isMissing ? ` (skipped: this machine has no Debian package ${program})` : '' };
    }),
);

/** The section that schedules backups, and the file in which it does. */
const SCHEDULE = 'Back up by a schedule';
const CRON_FILE = '/etc/cron.d/patient-access-backup';

const missing = missingForMachine();

describe.skipIf(missing !== undefined)(
  `${PAGES.join(' and ')}, pasted into the bash of a new machine${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  // The sections of the page follow one another.
  { shuffle: false, timeout: 300_000 },
  () => {
    let machine: OwnMachine;
    let values: Readonly<Record<string, string>>;
    beforeAll(async () => {
      bundledServer();
      machine = new OwnMachine();
      values = await machine.values();
    }, 300_000);
    afterAll(() => machine.close());

    /** Pastes a block. A terminal shows remarks and errors too, so they count as output. */
    async function follow({ command, result }: PageExample): Promise<readonly string[]> {
      const text = await fillIn(command.text, (name) =>
        name === 'TARGET' ? machine.chooseSecond() : (values[name] ?? `no reader knows what ${name} is`),
      );
      const { output, errors, status } = await machine.shell.run(text);
      const shown = [errors, output].map((part) => part.trim()).filter(Boolean);
      const wrong = [...failuresOf({ output, errors: '', status }), ...outputDifferences(shown.join('\n'), result)];
      return wrong.map((what) => `${command.text.split('\n')[0]}: ${what}`);
    }

    for (const { name, examples, skipped } of sections) {
      it.skipIf(skipped !== '')(`${name}: every command works, and prints what the page shows${skipped}`, async () => {
        // The page offers nginx and HAProxy as a choice.
        if (name === 'HAProxy') await machine.shell.run('systemctl stop nginx');
        const wrong: string[] = [];
        for (const example of examples) wrong.push(...(await follow(example)));
        expect(wrong).toEqual([]);
      });
      if (name !== SCHEDULE) continue;
      it.skipIf(skipped !== '')(
        `the lines of ${CRON_FILE} make backups in the environment of cron${skipped}`,
        async () => {
          const types = async () => {
            const { output } = await machine.shell.run(
              'runuser -u postgres -- pgbackrest --stanza=records --output=json info',
            );
            return JSON.parse(output)[0].backup.map(({ type }: { type: string }) => type);
          };
          const before = await types();
          const runs = await runCronFile(machine.shell, CRON_FILE);
          expect(runs.filter(({ status }) => status !== 0)).toEqual([]);
          expect(await types()).toEqual([...before, 'full', 'diff']);
        },
      );
    }
  },
);
