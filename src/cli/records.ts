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
  const done = await change(input, values.practice, (deps, practiceId) => {
    const evenSo = values['even-so'] === true;
    return mergePatients(deps, { practiceId, patientId, into, said: 'operator', source: undefined, author, evenSo });
  });
  const ended = done.ended.map(({ username, relationship }) => ({ username, relationship }));
  const value = { merged: patientId, into: done.into, changed: done.done, resources: done.resources };
  answer(input, { ...value, access_ended: ended, apps_to_ask_again: done.askAgain }, mergedText(patientId, done));
  return 0;
}

export async function recordUnmerge(input: CommandInput): Promise<number> {
  const options = { practice: { type: 'string' } } as const;
  const { values, positionals } = readArguments(input.arguments, options, ['PATIENT_ID']);
  const patientId = requirePatientId(positionals[0]);
  const done = await change(input, values.practice, (deps, practiceId) =>
    unmergePatients(deps, { practiceId, patientId, author }),
  );
  const names = (openers: typeof done.ended) => openers.map(({ username }) => username);
  const value = { unmerged: patientId, changed: done.done, resources: done.resources };
  const access = {
    access_restored: names(done.restored),
    access_ended: names(done.ended),
    invitations_ended: done.invitations,
  };
  answer(input, { ...value, ...access, readers: readersOf(done.readers) }, unmergedText(patientId, done));
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
  const done = await change(input, values.practice, (deps, practiceId) =>
    retractFromPatient(deps, { practiceId, resources, to, author, namesOf }),
  );
  const value = { changed: done.done, patient: done.patientId ?? null, to: to ?? null };
  const names = { resources: done.resources.map(nameOf), referring: done.referring.map(nameOf) };
  const readers = { since: done.since?.toISOString() ?? null, readers: readersOf(done.readers) };
  answer(input, { ...value, ...names, ...readers }, retractedText(done, to));
  return 0;
}

const nameOf = ({ type, id }: ResourceKey): string => `${type}/${id}`;

/** A type is asked for by its own name, or that of DSTU2. */
const namesOf = (type: string): readonly string[] => [
  type,
  ...Object.entries(SERVED.aliases).flatMap(([name, stored]) => (stored === type ? [name] : [])),
];

/** In one transaction, of which nothing is left where it is refused. */
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
      const done = await work({ tx, clock, random, projections, audit, people }, practiceId);
      if (isRefusal(done)) throw new OperatorFault(done.refused);
      return done;
    });
  });
}

const isRefusal = (done: unknown): done is NotDone => typeof (done as Partial<NotDone>).refused === 'string';

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
