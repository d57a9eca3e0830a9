import { createAuditLog } from '../../audit/index.ts';
import { projections, type ResourceKey, toReferenceText, uniqueKeys } from '../../fhir/index.ts';
import {
  liftRetractions,
  type MergeDeps,
  mergePatients,
  type RejectedMerge,
  retractFromPatient,
  unmergePatients,
} from '../../intake/index.ts';
import {
  systemClock as clock,
  isUuid,
  OperatorError,
  type PracticeId,
  systemRandom as random,
} from '../../kernel/index.ts';
import { findPracticeByName } from '../../practices/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { RECORD_MERGE, RECORD_RETRACT, RECORD_UNMERGE } from '../definitions/patients.ts';
import { SERVED_TYPES } from '../served-types.ts';
import { withInstallation } from '../with-installation.ts';
import { createMergeNotifications } from './merge-notifications.ts';
import { mergedText, readersJson, retractedText, unmergedText } from './record-messages.ts';

const author = { by: 'command line' };

export async function mergeRecordsCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof RECORD_MERGE>,
): Promise<number> {
  const patientId = requirePatientId(positionals[0]);
  const into = requirePatientId(values.into);
  const result = await changeRecords(input, values.practice, (deps, practiceId) => {
    const evenSo = values['even-so'];
    return mergePatients(deps, { practiceId, patientId, into, said: 'operator', source: undefined, author, evenSo });
  });
  const ended = result.ended.map(({ username, relationship }) => ({ username, relationship }));
  const value = { merged: patientId, into: result.into, changed: result.done, resources: result.resources };
  printResult(
    input,
    { ...value, access_ended: ended, apps_to_ask_again: result.askAgain },
    mergedText(patientId, result),
  );
  return 0;
}

export async function unmergeRecordCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof RECORD_UNMERGE>,
): Promise<number> {
  const patientId = requirePatientId(positionals[0]);
  const result = await changeRecords(input, values.practice, (deps, practiceId) =>
    unmergePatients(deps, { practiceId, patientId, author }),
  );
  const names = (openers: typeof result.ended) => openers.map(({ username }) => username);
  const value = { unmerged: patientId, changed: result.done, resources: result.resources };
  const access = {
    access_restored: names(result.restored),
    access_ended: names(result.ended),
    invitations_ended: result.invitations,
  };
  printResult(input, { ...value, ...access, readers: readersJson(result.readers) }, unmergedText(patientId, result));
  return 0;
}

export async function retractCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof RECORD_RETRACT>,
): Promise<number> {
  const resources = parseResourceKeys(positionals);
  if (values.lift) {
    const lifted = await changeRecords(input, values.practice, async (deps, practiceId) => ({
      lifted: await liftRetractions(deps, { practiceId, resources, author }),
    }));
    printResult(input, lifted, `The source may send ${lifted.lifted} of ${resources.length} resources again.`);
    return 0;
  }
  const to = values.to === undefined ? undefined : requirePatientId(values.to);
  const result = await changeRecords(input, values.practice, (deps, practiceId) =>
    retractFromPatient(deps, { practiceId, resources, to, author, namesOf: servedNames }),
  );
  const value = { changed: result.done, patient: result.patientId ?? null, to: to ?? null };
  const names = { resources: result.resources.map(toReferenceText), referring: result.referring.map(toReferenceText) };
  const readers = { since: result.since?.toISOString() ?? null, readers: readersJson(result.readers) };
  printResult(input, { ...value, ...names, ...readers }, retractedText(result, to));
  return 0;
}

/** Returns the names under which clients search a resource type: its R4 name and, if different, its DSTU2 name. */
const servedNames = (type: string): readonly string[] => [
  type,
  ...Object.entries(SERVED_TYPES.aliases).flatMap(([name, stored]) => (stored === type ? [name] : [])),
];

/**
 * Merges or retracts records in one transaction. If the change isn't possible, the transaction is rolled back and
 * OperatorError is thrown.
 */
function changeRecords<Done>(
  input: CommandInput,
  practice: string | undefined,
  work: (deps: MergeDeps, practiceId: PracticeId) => Promise<Done | RejectedMerge>,
): Promise<Done> {
  return withInstallation(input, async ({ db, encryption }) => {
    const { practiceId } = await findPracticeByName(db, practice);
    const audit = createAuditLog({ db, clock, random });
    const notifier = createMergeNotifications(input.config, encryption);
    return db.transaction(async (tx) => {
      const result = await work({ tx, clock, random, projections, audit, notifier }, practiceId);
      if (isRejected(result)) throw new OperatorError(result.refused);
      return result;
    });
  });
}

const isRejected = (result: unknown): result is RejectedMerge =>
  typeof (result as Partial<RejectedMerge>).refused === 'string';

function requirePatientId(id: string): string {
  if (!isUuid(id)) throw new OperatorError('A patient id is a UUID. To list patient ids, run patients list.');
  return id.toLowerCase();
}

function parseResourceKeys(names: readonly string[]): readonly ResourceKey[] {
  const keys = names.map((name) => {
    const [type = '', id = ''] = name.split('/');
    if (!/^[A-Z][A-Za-z]+$/.test(type) || !isUuid(id))
      throw new OperatorError(
        `${name} isn’t a resource of this server. Use a type and an id, such as Observation/UUID.`,
      );
    return { type, id: id.toLowerCase() };
  });
  return uniqueKeys(keys);
}
