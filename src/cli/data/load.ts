import path from 'node:path';
import { createAuditLog } from '../../audit/index.ts';
import { projections } from '../../fhir/index.ts';
import { englishPlural } from '../../i18n/index.ts';
import {
  fileInput,
  type ImportReport,
  importFiles,
  openValidation,
  type RolledBackTransaction,
  recordImport,
  recordImportStart,
} from '../../intake/index.ts';
import { systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { createAddresses } from '../../oauth/index.ts';
import { findPracticeByName } from '../../practices/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { LOAD } from '../definitions/data.ts';
import { withInstallation } from '../with-installation.ts';
import { findFiles } from './load-files.ts';
import { createLoadProgress } from './load-progress.ts';
import { listUnfinished, START_AGAIN } from './unfinished-loads.ts';

export async function loadCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof LOAD>,
): Promise<number> {
  const source = parseSourceName(values.source);
  const files = findFiles(positionals.map((name) => path.resolve(input.folder, name))).map(fileInput);
  const bar = createLoadProgress(input.stderr);
  const report = await withInstallation(input, async ({ db }) => {
    const { practiceId, name } = await findPracticeByName(db, values.practice);
    input.remark(`Loading into ${name}.`);
    const validation = openValidation(input.config.validation);
    const { r4: base } = createAddresses(input.config.publicUrl, input.config.prefix).fhir;
    const options = { practiceId, source, base, projections, clock, random, validation, onProgress: bar.show };
    const audit = createAuditLog({ db, clock, random });
    const run = { practiceId, source, run: `load-${random.uuid()}` };
    const unfinished = await listUnfinished(db, clock.now());
    for (const one of unfinished.filter(
      (unfinishedLoad) => unfinishedLoad.practiceId === practiceId && unfinishedLoad.source === source,
    ))
      input.remark(`Earlier, ${one.message} ${START_AGAIN}`);
    await recordImportStart({ audit }, run, files.length);
    const loaded = await importFiles(db, options, files);
    await recordImport({ db, clock, audit }, run, loaded);
    return loaded;
  }).finally(bar.stop);
  printResult(input, report, reportText(report));
  return report.refused.length > 0 || isEmpty(report) ? 1 : 0;
}

/**
 * Checks the name of a data source. The ids of loaded resources are derived from the name, so
 * loading the same files under another name creates other resources.
 */
function parseSourceName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new OperatorError('--source must have at most 64 characters: letters, digits, _, - and .');
}

const isEmpty = ({ created, updated, unchanged, skipped, refused }: ImportReport): boolean =>
  created + updated + unchanged + refused.length + Object.keys(skipped).length === 0;

const MAX_LISTED = 20;
const MAX_REASONS = 5;

function reportText(report: ImportReport): string {
  const { records, created, updated, unchanged, skipped, refused, faulty = 0, notStored = [] } = report;
  const lines = [
    `${records} ${englishPlural(records, { one: 'record', other: 'records' })}: ${created} resources created, ${updated} updated.`,
  ];
  if (unchanged > 0) lines.push(`${unchanged} skipped, because they are already stored and unchanged.`);
  if (isEmpty(report)) return 'These files contain no resources.';
  const types = Object.entries(skipped);
  if (types.length > 0) {
    lines.push(
      `Skipped, because this server doesn’t support these types: ${types.map(([type, n]) => `${type} ${n}`).join(', ')}.`,
    );
  }
  if (faulty > 0) lines.push(`${faulty} with validation issues. To list them, run: patient-access validation issues`);
  if (refused.length > 0) lines.push(`${refused.length} rejected:`);
  for (const { file, at, type, id, reason } of refused.slice(0, MAX_LISTED)) {
    const which = [type, id].filter(Boolean).join('/');
    lines.push(`  ${path.basename(file)}, ${at}: ${which === '' ? '' : `${which}: `}${reason}`);
  }
  if (refused.length > MAX_LISTED) lines.push(`  and ${refused.length - MAX_LISTED} more. Use --json to list all.`);
  lines.push(...transactionLines(notStored));
  return lines.join('\n');
}

function transactionLines(notStored: readonly RolledBackTransaction[]): readonly string[] {
  if (notStored.length === 0) return [];
  const subject = englishPlural(notStored.length, {
    one: 'A transaction was rejected, so none of it',
    other: `${notStored.length} transactions were rejected, so none of their resources`,
  });
  const lines = notStored.slice(0, MAX_LISTED).map(({ file, resources, because }) => {
    const more = because.length > MAX_REASONS ? ` and ${because.length - MAX_REASONS} more` : '';
    const reasons = `${because.slice(0, MAX_REASONS).join(', ')}${more}`;
    return `  ${path.basename(file)}: ${otherResources(resources)} not stored because of ${reasons}.`;
  });
  const unnamed =
    notStored.length > MAX_LISTED ? [`  and ${notStored.length - MAX_LISTED} more. Use --json to list all.`] : [];
  return [`${subject} is stored (a Bundle of type batch would store its valid resources):`, ...lines, ...unnamed];
}

const otherResources = (resources: number): string =>
  resources === 0
    ? 'it has no other resources;'
    : `its other ${resources} ${englishPlural(resources, { one: 'resource was', other: 'resources were' })}`;
