import { createAuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import {
  systemClock as clock,
  isEmailAddress,
  OperatorError,
  type PracticeId,
  systemRandom as random,
} from '../../kernel/index.ts';
import {
  createPractice,
  findPracticeByName,
  findPracticeSettings,
  listPracticeCounts,
  type PracticeDetails,
  savePracticeDetails,
  setPracticeEnabled,
  validatePracticeDetails,
} from '../../practices/index.ts';
import { UsageError } from '../arguments.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { PRACTICES_ADD, PRACTICES_SET } from '../definitions/practices.ts';
import { withInstallation } from '../with-installation.ts';

export async function listPracticesCommand(input: CommandInput): Promise<number> {
  const practices = await withInstallation(input, ({ db }) => listPracticeCounts(db));
  const values = practices.map(({ practiceId, name, kind, enabled, records, staff }) => ({
    id: practiceId,
    name,
    kind,
    enabled,
    patients: records,
    staff,
  }));
  const rows = values.map((one) => [
    String(one.id),
    one.kind,
    one.enabled ? 'on' : 'off',
    String(one.patients),
    String(one.staff),
    one.name,
  ]);
  printResult(input, values, formatTable(['id', 'kind', 'api', 'patients', 'staff', 'name'], rows));
  return 0;
}

export async function addPracticeCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof PRACTICES_ADD>,
): Promise<number> {
  const [given] = positionals;
  const { kind } = values;
  const { name, timeZone } = normalizeDetails({ ...EMPTY_DETAILS, name: given, timeZone: values['time-zone'] });
  const practiceId = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const addedId = await createPractice(tx, { kind, name, timeZone });
      if (addedId === undefined) throw new OperatorError(`There already is a practice "${name}". Choose another name.`);
      await appendPracticeEvent(tx, addedId, { action: 'add', kind });
      return addedId;
    }),
  );
  printResult(input, { id: practiceId, name, kind }, `Created ${name} as practice ${practiceId}.`);
  return 0;
}

export async function changePracticeCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof PRACTICES_SET>,
): Promise<number> {
  const [name] = positionals;
  const { enabled, ...texts } = values;
  if (Object.keys(values).length === 0) throw new UsageError('Nothing to change. Add at least one option.');
  const settings = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const { practiceId } = await findPracticeByName(tx, name);
      if (enabled !== undefined) await switchApi(tx, practiceId, enabled === 'on');
      if (Object.keys(texts).length > 0) await changePracticeDetails(tx, practiceId, texts);
      return findPracticeSettings(tx, practiceId);
    }),
  );
  if (settings === undefined) throw new OperatorError(`There is no practice "${name}".`);
  const { practiceId: id, closedByOperator: _shut, hasLogo: _hasLogo, timeZone: time_zone, ...displayed } = settings;
  printResult(
    input,
    { id, ...displayed, time_zone },
    `Saved ${settings.name}. Its API is ${settings.enabled ? 'on' : 'off'}.`,
  );
  return 0;
}

async function switchApi(tx: Executor, practiceId: PracticeId, on: boolean): Promise<void> {
  if (await setPracticeEnabled(tx, practiceId, on))
    await appendPracticeEvent(tx, practiceId, { action: on ? 'api-on' : 'api-off' });
  const { enabled } = (await findPracticeSettings(tx, practiceId)) ?? {};
  if (enabled !== on)
    throw new OperatorError(
      'The sandbox is turned off by SANDBOX=off. Start the server without this setting to turn it on.',
    );
}

type PracticeTexts = Omit<CommandArguments<typeof PRACTICES_SET>['values'], 'enabled'>;

async function changePracticeDetails(
  tx: Executor,
  practiceId: PracticeId,
  { 'time-zone': timeZone, ...texts }: PracticeTexts,
): Promise<void> {
  const now = await findPracticeSettings(tx, practiceId);
  if (now === undefined) return;
  const given = { ...now, ...texts, ...(timeZone === undefined ? {} : { timeZone }) };
  // Converts the characters \n in the address to a line break, because people can't easily type a
  // line break in a shell.
  const details = normalizeDetails({ ...given, address: given.address.replaceAll('\\n', '\n') });
  if (!(await savePracticeDetails(tx, practiceId, details)))
    throw new OperatorError(`There already is a practice "${details.name}". Choose another name.`);
  const changed = (Object.keys(details) as (keyof PracticeDetails)[]).filter((key) => details[key] !== now[key]);
  await appendPracticeEvent(tx, practiceId, { action: 'change', changed });
}

const EMPTY_DETAILS: PracticeDetails = {
  name: '',
  phone: '',
  email: '',
  website: '',
  address: '',
  npi: '',
  color: '',
  timeZone: '',
};

/**
 * Normalizes the details of a practice, such as name and address.
 * @throws OperatorError that lists all errors in them
 */
function normalizeDetails(given: PracticeDetails): PracticeDetails {
  const { details, errors } = validatePracticeDetails(given, isEmailAddress);
  if (errors.length > 0) throw new OperatorError(errors.map(({ message }) => `${message}.`).join('\n'));
  return details;
}

const appendPracticeEvent = (tx: Executor, practiceId: PracticeId, detail: Record<string, unknown>): Promise<void> =>
  createAuditLog({ db: tx, clock, random }).appendInTransaction(tx, {
    kind: 'practice',
    outcome: 'success',
    detail: { ...detail, practice: practiceId, by: 'command line' },
  });
