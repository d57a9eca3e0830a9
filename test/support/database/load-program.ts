// A program that loads files and that tests can kill. Arguments: <data folder> <file>… It reports its progress as lines
// of JSON, and prints the report of the load at its end.
import { openDatabase, startEmbedded } from '../../../src/database/index.ts';
import { projections } from '../../../src/fhir/index.ts';
import { fileInput, importFiles } from '../../../src/intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../../../src/kernel/index.ts';
import { findPracticeByName } from '../../../src/practices/index.ts';

const [dataDir = '', ...files] = process.argv.slice(2);
const embedded = await startEmbedded({ dataDir, serving: false });
const db = openDatabase(embedded.connection);
const { practiceId } = await findPracticeByName(db, undefined);
const print = (event: object): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
const onProgress = (done: number, all: number, there: number): void => print({ done, all, there });
const report = await importFiles(
  db,
  { practiceId, source: 'load', projections, clock, random, onProgress },
  files.map(fileInput),
);
print({ report });
await db.close();
await embedded.stop();
