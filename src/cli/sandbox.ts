import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openInstallation } from '../installation.ts';
import { OperatorFault } from '../kernel/index.ts';
import { fillSandbox, population } from '../sandbox/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';

export async function sandboxFill(input: CommandInput): Promise<number> {
  const { values } = readArguments(input.arguments, { 'but-large': { type: 'boolean', default: false } }, []);
  const butLarge = values['but-large'];
  const { passwordCost } = input.config;
  const { db, close } = await openInstallation(input.config, { serving: false });
  await fillSandbox(db, input.remark, { passwordCost, butLarge }).finally(close);
  answer(input, { filled: true }, `The sandbox holds ${butLarge ? 'all but its largest record' : 'its patients'}.`);
  return 0;
}

const MOST_PATIENTS = 1_000_000;

const GENERATE = {
  patients: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string', default: 'saguaro' },
} as const;

export async function sandboxGenerate(input: CommandInput): Promise<number> {
  const { values } = readArguments(input.arguments, GENERATE, []);
  const { patients = '', out, seed } = values;
  const count = Number(patients);
  if (!/^\d+$/.test(patients) || count < 1 || count > MOST_PATIENTS)
    throw new OperatorFault(`--patients has to be a number from 1 to ${MOST_PATIENTS}.`);
  if (out === undefined) throw new UsageError('--out is missing.');
  let resources = 0;
  const lines = function* (): Generator<string> {
    for (const resource of population(`load ${seed}`, count)) {
      resources += 1;
      yield `${JSON.stringify(resource)}\n`;
    }
  };
  const file = path.resolve(input.folder, out);
  await pipeline(Readable.from(lines()), createWriteStream(file)).catch((error: { readonly code?: string }) => {
    if (!/^E[A-Z]+$/.test(error.code ?? '')) throw error;
    throw new OperatorFault(`The file ${file} can't be written (${error.code}). Check its folder and the disk.`);
  });
  answer(input, { patients: count, resources }, `${count} patients, ${resources} resources.`);
  return 0;
}
