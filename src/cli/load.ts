import path from 'node:path';
import { openTrail } from '../audit/index.ts';
import { projections } from '../fhir/index.ts';
import {
  fileInput,
  type IntakeReport,
  intake,
  type NotStored,
  openValidation,
  recordLoad,
  recordLoadBegun,
} from '../intake/index.ts';
import { systemClock as clock, OperatorFault, systemRandom as random } from '../kernel/index.ts';
import { addressesOf } from '../oauth/index.ts';
import { requirePractice } from '../practices/index.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';
import { filesOf } from './load-files.ts';
import { loadProgress } from './load-progress.ts';
import { listUnfinished, START_AGAIN } from './load-unfinished.ts';
import { withInstallation } from './with-installation.ts';

export async function load(input: CommandInput): Promise<number> {
  const options = { practice: { type: 'string' }, source: { type: 'string', default: 'load' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['FILE|FOLDER…']);
  const source = sourceNamed(values.source);
  const files = filesOf(positionals.map((name) => path.resolve(input.folder, name))).map(fileInput);
  const bar = loadProgress(input.stderr);
  const report = await withInstallation(input, async ({ db }) => {
    const { practiceId, name } = await requirePractice(db, values.practice);
    input.remark(`Loading into ${name}.`);
    const validation = openValidation(input.config.validation);
    const { r4: base } = addressesOf(input.config.publicUrl, input.config.prefix).fhir;
    const options = { practiceId, source, base, projections, clock, random, validation, onProgress: bar.show };
    const audit = openTrail({ db, clock, random });
    const run = { practiceId, source, run: `load-${random.uuid()}` };
    const unfinished = await listUnfinished(db, clock.now());
    for (const one of unfinished.filter(
      (unfinishedLoad) => unfinishedLoad.practiceId === practiceId && unfinishedLoad.source === source,
    ))
      input.remark(`Before this, ${one.says} ${START_AGAIN}`);
    await recordLoadBegun({ audit }, run, files.length);
    const loaded = await intake(db, options, files);
    await recordLoad({ db, clock, audit }, run, loaded);
    return loaded;
  }).finally(bar.stop);
  answer(input, report, reportText(report));
  return report.refused.length > 0 || isEmpty(report) ? 1 : 0;
}

/**
 * Checks the name of a source. It is part of the derived ids, so loading again under another name creates other
 * resources.
 */
function sourceNamed(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new OperatorFault('The name of a source is of letters, digits, _, - and ., at most 64.');
}

const isEmpty = ({ created, updated, unchanged, skipped, refused }: IntakeReport): boolean =>
  created + updated + unchanged + refused.length + Object.keys(skipped).length === 0;

const SHOWN = 20;
const PLACES_SHOWN = 5;

function reportText(report: IntakeReport): string {
  const { records, created, updated, unchanged, skipped, refused, faulty = 0, notStored = [] } = report;
  const lines = [`${records} record${records === 1 ? '' : 's'}: ${created} resources created, ${updated} updated.`];
  if (unchanged > 0) lines.push(`${unchanged} were there already, just as they are: skipped.`);
  if (isEmpty(report)) return 'There is no resource in these files.';
  const types = Object.entries(skipped);
  if (types.length > 0) {
    lines.push(
      `Left out, because this server does not serve these types: ${types.map(([type, n]) => `${type} ${n}`).join(', ')}.`,
    );
  }
  if (faulty > 0) lines.push(`${faulty} with faults by validation: patient-access validation issues lists them.`);
  if (refused.length > 0) lines.push(`${refused.length} refused:`);
  for (const { file, at, type, id, reason } of refused.slice(0, SHOWN)) {
    const which = [type, id].filter(Boolean).join('/');
    lines.push(`  ${path.basename(file)}, ${at}: ${which === '' ? '' : `${which}: `}${reason}`);
  }
  if (refused.length > SHOWN) lines.push(`  and ${refused.length - SHOWN} more: --json lists all.`);
  lines.push(...transactionLines(notStored));
  return lines.join('\n');
}

function transactionLines(notStored: readonly NotStored[]): readonly string[] {
  if (notStored.length === 0) return [];
  const [subject, pronoun] =
    notStored.length === 1 ? ['A transaction was', 'it'] : [`${notStored.length} transactions were`, 'them'];
  const lines = notStored.slice(0, SHOWN).map(({ file, resources, because }) => {
    const more = because.length > PLACES_SHOWN ? ` and ${because.length - PLACES_SHOWN} more` : '';
    const reasons = `${because.slice(0, PLACES_SHOWN).join(', ')}${more}`;
    return `  ${path.basename(file)}: ${others(resources)} not stored because of ${reasons}.`;
  });
  const unnamed = notStored.length > SHOWN ? [`  and ${notStored.length - SHOWN} more: --json lists all.`] : [];
  return [
    `${subject} refused as a whole, nothing of ${pronoun} is stored. Of a Bundle of type batch the rest goes in:`,
    ...lines,
    ...unnamed,
  ];
}

const others = (resources: number): string =>
  resources === 0 ? 'nothing else was in it,' : `its other ${resources} resource${resources === 1 ? ' was' : 's were'}`;
