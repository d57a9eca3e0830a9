import path from 'node:path';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { openTrail } from '../audit/index.ts';
import { projections } from '../fhir/index.ts';
import { fileInput, type IntakeReport, intake, openValidation, recordLoad, recordLoadBegun } from '../intake/index.ts';
import { systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { requirePractice } from '../practices/index.ts';
import { answer, type Command } from './command.ts';
import { withInstallation } from './with-installation.ts';

export const load: Command = {
  name: 'load',
  usage: 'load FILE… [--practice NAME] [--source NAME]',
  summary:
    'Load FHIR R4 Bundles and NDJSON, into the live practice unless another is named. Each system that counts its patients by itself is a source. What is loaded is validated as VALIDATION says.',
  async run(input) {
    const { values, positionals } = parseArgs({
      args: [...input.arguments],
      options: { practice: { type: 'string' }, source: { type: 'string', default: 'load' } },
      allowPositionals: true,
    });
    if (positionals.length === 0)
      throw new OperatorFault(`Name at least one file. Usage: patient-access ${this.usage}`);
    const source = sourceNamed(values.source);
    const files = positionals.map((name) => fileInput(path.resolve(input.folder, name)));
    const bar = progressBar();
    const report = await withInstallation(input, async ({ db }) => {
      const { practiceId, name } = await requirePractice(db, values.practice);
      input.remark(`Loading into ${name}.`);
      const validation = openValidation(input.config.validation);
      const options = { practiceId, source, projections, clock, random, validation, onProgress: bar.show };
      const audit = openTrail({ db, clock, random });
      await recordLoadBegun({ audit }, { practiceId, source }, files.length);
      const loaded = await intake(db, options, files);
      await recordLoad({ db, clock, audit }, { practiceId, source }, loaded);
      return loaded;
    }).finally(bar.stop);
    answer(input, report, reportText(report));
    return report.refused.length > 0 || isEmpty(report) ? 1 : 0;
  },
};

/** It is part of what ids are made of: loading again under another name makes other ones. */
function sourceNamed(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new OperatorFault('The name of a source is of letters, digits, _, - and ., at most 64.');
}

/** On standard error, and only where somebody looks on. */
function progressBar(): { show(done: number, all: number): void; stop(): void } {
  const format = '{bar} {percentage}% | {value} of {total} resources | {eta_formatted} left';
  const bar = new SingleBar(
    { format, stream: process.stderr, noTTYOutput: false, hideCursor: true },
    Presets.shades_classic,
  );
  let started = false;
  return {
    show(done, all) {
      if (!started) bar.start(all, done);
      started = true;
      bar.setTotal(all);
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}

const isEmpty = ({ created, updated, unchanged, skipped, refused }: IntakeReport): boolean =>
  created + updated + unchanged + refused.length + Object.keys(skipped).length === 0;

const SHOWN = 20;

function reportText(report: IntakeReport): string {
  const { records, created, updated, unchanged, skipped, refused, faulty = 0 } = report;
  const lines = [`${records} records: ${created} resources created, ${updated} updated, ${unchanged} unchanged.`];
  if (isEmpty(report)) return 'There is no resource in these files.';
  const types = Object.entries(skipped);
  if (types.length > 0) {
    lines.push(
      `Left out, because this server does not serve these types: ${types.map(([type, n]) => `${type} ${n}`).join(', ')}.`,
    );
  }
  if (faulty > 0) lines.push(`${faulty} with faults by validation: patient-access faults lists them.`);
  if (refused.length > 0) lines.push(`${refused.length} refused:`);
  for (const { file, at, type, id, reason } of refused.slice(0, SHOWN)) {
    lines.push(`  ${path.basename(file)}, ${at}: ${[type, id].filter(Boolean).join('/')}: ${reason}`);
  }
  if (refused.length > SHOWN) lines.push(`  and ${refused.length - SHOWN} more: --json lists all.`);
  return lines.join('\n');
}
