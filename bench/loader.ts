// `load` in a process of its own, on the core that the bench gave it: <file>… on DATABASE_URL. It loads the first file to be
// warm, then each of the others, and tells of each in a line of JSON what it took. It ends at the end of its input.
import { openDatabase } from '../src/database/index.ts';
import { projections } from '../src/fhir/index.ts';
import { fileInput, intake } from '../src/intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../src/kernel/index.ts';
import { requirePractice } from '../src/practices/index.ts';

export interface LoadTold {
  readonly count: number;
  readonly seconds: number;
  /** Processor time of this process, in microseconds. */
  readonly spent: number;
}

const db = openDatabase({ connectionString: process.env['DATABASE_URL'] ?? '' });
const { practiceId } = await requirePractice(db, undefined);
for await (const line of process.stdin.setEncoding('utf8')) {
  const begun = { at: performance.now(), cpu: process.cpuUsage() };
  const options = { practiceId, source: 'bench', projections, clock, random };
  const { created, updated, unchanged, refused } = await intake(db, options, [fileInput(String(line).trim())]);
  if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`);
  const { user, system } = process.cpuUsage(begun.cpu);
  const told: LoadTold = {
    count: created + updated + unchanged,
    seconds: (performance.now() - begun.at) / 1000,
    spent: user + system,
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
await db.close();
