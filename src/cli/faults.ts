import {
  type FaultsAsked,
  type FaultyResource,
  type KindOfFault,
  listFaulty,
  listKindsOfFaults,
} from '../intake/index.ts';
import { OperatorFault, type PracticeId } from '../kernel/index.ts';
import { listPractices, requirePractice } from '../practices/index.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function faults(input: CommandInput): Promise<number> {
  const { resources, ...options } = optionsOf(input);
  const found = await withInstallation(input, async ({ db }) => {
    const { practice, ...rest } = options;
    const all = practice === undefined ? await listPractices(db) : [await requirePractice(db, practice)];
    const names = new Map(all.map(({ practiceId, name }) => [practiceId, name]));
    const query: FaultsAsked = { ...rest, practices: [...names.keys()] };
    return resources
      ? { resources: (await listFaulty(db, query)).map((one) => resourceOf(one, names)) }
      : { kinds: (await listKindsOfFaults(db, query)).map((one) => kindOf(one, names)) };
  });
  const rows = 'kinds' in found ? found.kinds : found.resources;
  const text = 'kinds' in found ? kindsText(found.kinds) : resourcesText(found.resources);
  answer(input, rows, rows.length === 0 ? 'Validation found nothing.' : text);
  return 0;
}

function optionsOf(input: CommandInput) {
  const options = {
    resources: { type: 'boolean', default: false },
    practice: { type: 'string' },
    type: { type: 'string' },
    source: { type: 'string' },
    limit: { type: 'string', default: '100' },
  } as const;
  const { values } = readArguments(input.arguments, options, []);
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new OperatorFault(`--limit is a whole number from 1 to ${MOST}.`);
  return { ...values, limit };
}

const MOST = 100_000;
type Names = ReadonlyMap<PracticeId, string>;

const kindOf = ({ practiceId, profile, ...one }: KindOfFault, names: Names) => ({
  practice: names.get(practiceId) ?? '',
  ...one,
  profile: profile ?? null,
});

const resourceOf = ({ practiceId, foundAt, type, id, ...one }: FaultyResource, names: Names) => ({
  practice: names.get(practiceId) ?? '',
  resource: `${type}/${id}`,
  at: foundAt.toISOString(),
  ...one,
});

const kindsText = (kinds: readonly ReturnType<typeof kindOf>[]): string =>
  table(
    ['practice', 'severity', 'resources', 'element', 'what', 'asked by'],
    kinds.map((one) => [
      one.practice,
      one.severity,
      String(one.resources),
      one.element,
      one.text,
      one.profile ?? 'FHIR R4',
    ]),
  );

const resourcesText = (resources: readonly ReturnType<typeof resourceOf>[]): string =>
  resources
    .flatMap(({ practice, resource, source, issues }) => [
      `${practice}: ${resource} (from ${source})`,
      ...issues.map(
        ({ severity, path, text, profile }) =>
          `  ${severity}: ${path}: ${text}${profile === undefined ? '' : ` [${profile}]`}`,
      ),
    ])
    .join('\n');
