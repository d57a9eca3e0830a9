import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openInstallation } from '../../installation.ts';
import { OperatorError } from '../../kernel/index.ts';
import { fillSandbox, generatePopulation } from '../../sandbox/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { SANDBOX_FILL, SANDBOX_GENERATE } from '../definitions/data.ts';

export async function fillSandboxCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof SANDBOX_FILL>,
): Promise<number> {
  const butLarge = values['but-large'];
  const { passwordCost } = input.config;
  const { db, close } = await openInstallation(input.config, { serving: false });
  await fillSandbox(db, input.remark, { passwordCost, skipLargeRecords: butLarge }).finally(close);
  printResult(
    input,
    { filled: true },
    `The sandbox has ${butLarge ? 'all test patients except patient02' : 'all its test patients'}.`,
  );
  return 0;
}

const MAX_PATIENTS = 1_000_000;

export async function generateSandboxCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof SANDBOX_GENERATE>,
): Promise<number> {
  const { patients, out, seed } = values;
  const count = Number(patients);
  if (!/^\d+$/.test(patients) || count < 1 || count > MAX_PATIENTS)
    throw new OperatorError(`--patients must be a whole number from 1 to ${MAX_PATIENTS}.`);
  let resources = 0;
  const lines = function* (): Generator<string> {
    for (const resource of generatePopulation(`load ${seed}`, count)) {
      resources += 1;
      yield `${JSON.stringify(resource)}\n`;
    }
  };
  const file = path.resolve(input.folder, out);
  await pipeline(Readable.from(lines()), createWriteStream(file)).catch((error: { readonly code?: string }) => {
    if (!/^E[A-Z]+$/.test(error.code ?? '')) throw error;
    throw new OperatorError(
      `The file ${file} can't be written (${error.code}). Check its folder and the free disk space.`,
    );
  });
  printResult(input, { patients: count, resources }, `${count} patients, ${resources} resources.`);
  return 0;
}
