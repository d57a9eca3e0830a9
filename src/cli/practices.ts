import { openTrail } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import { systemClock as clock, OperatorFault, type PracticeId, systemRandom as random } from '../kernel/index.ts';
import { isAddress } from '../mail/index.ts';
import {
  addPractice,
  countsOf,
  DEFAULT_TIME_ZONE,
  type Details,
  enablePractice,
  findSettings,
  keepDetails,
  readDetails,
  requirePractice,
} from '../practices/index.ts';
import { oneOf } from './apps-words.ts';
import { readArguments, UsageError } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function practicesList(input: CommandInput): Promise<number> {
  const practices = await withInstallation(input, ({ db }) => countsOf(db));
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
  answer(input, values, table(['id', 'kind', 'api', 'patients', 'staff', 'name'], rows));
  return 0;
}

const NEW = { kind: { type: 'string' }, 'time-zone': { type: 'string', default: DEFAULT_TIME_ZONE } } as const;

export async function practicesAdd(input: CommandInput): Promise<number> {
  const { values, positionals } = readArguments(input.arguments, NEW, ['NAME']);
  const [given] = positionals;
  const kind = oneOf('kind', values.kind, ['sandbox', 'live']);
  if (kind === undefined) throw new UsageError('--kind is missing.');
  const { name, timeZone } = usable({ ...NOTHING, name: given, timeZone: values['time-zone'] });
  const practiceId = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const addedId = await addPractice(tx, { kind, name, timeZone });
      if (addedId === undefined) throw new OperatorFault(`There is a practice "${name}" already.`);
      await record(tx, addedId, { action: 'add', kind });
      return addedId;
    }),
  );
  answer(input, { id: practiceId, name, kind }, `${name} is made, as practice ${practiceId}.`);
  return 0;
}

const OPTIONS = {
  enabled: { type: 'string' },
  name: { type: 'string' },
  phone: { type: 'string' },
  email: { type: 'string' },
  website: { type: 'string' },
  address: { type: 'string' },
  npi: { type: 'string' },
  color: { type: 'string' },
  'time-zone': { type: 'string' },
} as const;

export async function practicesSet(input: CommandInput): Promise<number> {
  const { values, positionals } = readArguments(input.arguments, OPTIONS, ['NAME']);
  const [name] = positionals;
  const { enabled, ...texts } = values;
  if (Object.keys(values).length === 0) throw new UsageError('There is nothing to change: no option is given.');
  if (enabled !== undefined && enabled !== 'on' && enabled !== 'off')
    throw new OperatorFault('--enabled is on or off.');
  const settings = await withInstallation(input, ({ db }) =>
    db.transaction(async (tx) => {
      const { practiceId } = await requirePractice(tx, name);
      if (enabled !== undefined) await turn(tx, practiceId, enabled === 'on');
      if (Object.keys(texts).length > 0) await change(tx, practiceId, texts);
      return findSettings(tx, practiceId);
    }),
  );
  if (settings === undefined) throw new OperatorFault(`There is no practice "${name}".`);
  const { practiceId: id, shut: _shut, hasLogo: _hasLogo, timeZone: time_zone, ...displayed } = settings;
  answer(
    input,
    { id, ...displayed, time_zone },
    `${settings.name}: saved. Its API is ${settings.enabled ? 'on' : 'off'}.`,
  );
  return 0;
}

async function turn(tx: Executor, practiceId: PracticeId, on: boolean): Promise<void> {
  if (await enablePractice(tx, practiceId, on)) await record(tx, practiceId, { action: on ? 'api-on' : 'api-off' });
  const { enabled } = (await findSettings(tx, practiceId)) ?? {};
  if (enabled !== on)
    throw new OperatorFault('This is the sandbox, and SANDBOX=off keeps it shut: start without that.');
}

type Texts = Partial<Record<Exclude<keyof typeof OPTIONS, 'enabled'>, string>>;

async function change(tx: Executor, practiceId: PracticeId, { 'time-zone': timeZone, ...texts }: Texts): Promise<void> {
  const now = await findSettings(tx, practiceId);
  if (now === undefined) return;
  const given = { ...now, ...texts, ...(timeZone === undefined ? {} : { timeZone }) };
  // A shell passes a line break as the characters \n.
  const details = usable({ ...given, address: given.address.replaceAll('\\n', '\n') });
  if (!(await keepDetails(tx, practiceId, details)))
    throw new OperatorFault(`There is another practice "${details.name}".`);
  const changed = (Object.keys(details) as (keyof Details)[]).filter((key) => details[key] !== now[key]);
  await record(tx, practiceId, { action: 'change', changed });
}

const NOTHING: Details = { name: '', phone: '', email: '', website: '', address: '', npi: '', color: '', timeZone: '' };

/**
 * Normalizes the details.
 * @throws OperatorError with all errors in them
 */
function usable(given: Details): Details {
  const { details, faults } = readDetails(given, isAddress);
  if (faults.length > 0) throw new OperatorFault(faults.map(({ message }) => `${message}.`).join('\n'));
  return details;
}

const record = (tx: Executor, practiceId: PracticeId, detail: Record<string, unknown>): Promise<void> =>
  openTrail({ db: tx, clock, random }).recordWithin(tx, {
    kind: 'practice',
    outcome: 'success',
    detail: { ...detail, practice: practiceId, by: 'command line' },
  });
