import { openTrail } from '../audit/index.ts';
import { projections, type ResourceKey } from '../fhir/index.ts';
import {
  liftFromPatient,
  type MergeDeps,
  mergePatients,
  type NotDone,
  retractFromPatient,
  unmergePatients,
} from '../intake/index.ts';
import {
  systemClock as clock,
  isUuid,
  OperatorFault,
  type PracticeId,
  systemRandom as random,
} from '../kernel/index.ts';
import { requirePractice } from '../practices/index.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput } from './command.ts';
import { mergedPeople } from './merged-people.ts';
import { mergedText, readersOf, retractedText, unmergedText } from './records-words.ts';
import { SERVED } from './served.ts';
import { withInstallation } from './with-installation.ts';

const author = { by: 'command line' };

export async function recordMerge(input: CommandInput): Promise<number> {
  const options = { into: { type: 'string' }, practice: { type: 'string' }, 'even-so': { type: 'boolean' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['PATIENT_ID']);
  const patientId = requirePatientId(positionals[0]);
  if (values.into === undefined) throw new UsageError('--into is missing.');
  const into = requirePatientId(values.into);
  const result = await change(input, values.practice, (deps, practiceId) => {
    const evenSo = values['even-so'] === true;
    return mergePatients(deps, { practiceId, patientId, into, said: 'operator', source: undefined, author, evenSo });
  });
  const ended = result.ended.map(({ username, relationship }) => ({ username, relationship }));
  const value = { merged: patientId, into: result.into, changed: result.done, resources: result.resources };
  answer(input, { ...value, access_ended: ended, apps_to_ask_again: result.askAgain }, mergedText(patientId, result));
  return 0;
}

export async function recordUnmerge(input: CommandInput): Promise<number> {
  const options = { practice: { type: 'string' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['PATIENT_ID']);
  const patientId = requirePatientId(positionals[0]);
  const result = await change(input, values.practice, (deps, practiceId) =>
    unmergePatients(deps, { practiceId, patientId, author }),
  );
  const names = (openers: typeof result.ended) => openers.map(({ username }) => username);
  const value = { unmerged: patientId, changed: result.done, resources: result.resources };
  const access = {
    access_restored: names(result.restored),
    access_ended: names(result.ended),
    invitations_ended: result.invitations,
  };
  answer(input, { ...value, ...access, readers: readersOf(result.readers) }, unmergedText(patientId, result));
  return 0;
}

export async function recordRetract(input: CommandInput): Promise<number> {
  const options = { to: { type: 'string' }, lift: { type: 'boolean' }, practice: { type: 'string' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['TYPE/ID…']);
  const resources = keysOf(positionals);
  if (values.lift === true) {
    const lifted = await change(input, values.practice, async (deps, practiceId) => ({
      lifted: await liftFromPatient(deps, { practiceId, resources, author }),
    }));
    answer(input, lifted, `${lifted.lifted} of ${resources.length} may come back, when their source sends them.`);
    return 0;
  }
  const to = values.to === undefined ? undefined : requirePatientId(values.to);
  const result = await change(input, values.practice, (deps, practiceId) =>
    retractFromPatient(deps, { practiceId, resources, to, author, namesOf }),
  );
  const value = { changed: result.done, patient: result.patientId ?? null, to: to ?? null };
  const names = { resources: result.resources.map(nameOf), referring: result.referring.map(nameOf) };
  const readers = { since: result.since?.toISOString() ?? null, readers: readersOf(result.readers) };
  answer(input, { ...value, ...names, ...readers }, retractedText(result, to));
  return 0;
}

const nameOf = ({ type, id }: ResourceKey): string => `${type}/${id}`;

/** Names under which clients search a type: its own and that of DSTU2. */
const namesOf = (type: string): readonly string[] => [
  type,
  ...Object.entries(SERVED.aliases).flatMap(([name, stored]) => (stored === type ? [name] : [])),
];

/** Runs the change in one transaction, which is rolled back if it is rejected (OperatorError). */
function change<Done>(
  input: CommandInput,
  practice: string | undefined,
  work: (deps: MergeDeps, practiceId: PracticeId) => Promise<Done | NotDone>,
): Promise<Done> {
  return withInstallation(input, async ({ db }) => {
    const { practiceId } = await requirePractice(db, practice);
    const audit = openTrail({ db, clock, random });
    const people = mergedPeople(input.config);
    return db.transaction(async (tx) => {
      const result = await work({ tx, clock, random, projections, audit, people }, practiceId);
      if (isRefusal(result)) throw new OperatorFault(result.refused);
      return result;
    });
  });
}

const isRefusal = (result: unknown): result is NotDone => typeof (result as Partial<NotDone>).refused === 'string';

function requirePatientId(id: string): string {
  if (!isUuid(id)) throw new OperatorFault(`A patient id is a UUID: "patients list" shows them.`);
  return id.toLowerCase();
}

function keysOf(names: readonly string[]): readonly ResourceKey[] {
  const keys = names.map((name) => {
    const [type = '', id = ''] = name.split('/');
    if (!/^[A-Z][A-Za-z]+$/.test(type) || !isUuid(id))
      throw new OperatorFault(
        `${name} is no resource of this server: it is a type and an id, such as Observation/UUID.`,
      );
    return { type, id: id.toLowerCase() };
  });
  return [...new Map(keys.map((key) => [nameOf(key), key])).values()];
}
