import {
  listResourcesWithIssues,
  type ResourceWithIssues,
  summarizeValidationIssues,
  type ValidationIssueFilter,
  type ValidationIssueSummary,
} from '../../intake/index.ts';
import { OperatorError, type PracticeId } from '../../kernel/index.ts';
import { findPracticeByName, listPractices } from '../../practices/index.ts';
import { readArguments } from '../arguments.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import { withInstallation } from '../with-installation.ts';

export async function validationIssuesCommand(input: CommandInput): Promise<number> {
  const { resources, ...options } = readOptions(input);
  const found = await withInstallation(input, async ({ db }) => {
    const { practice, ...rest } = options;
    const all = practice === undefined ? await listPractices(db) : [await findPracticeByName(db, practice)];
    const names = new Map(all.map(({ practiceId, name }) => [practiceId, name]));
    const query: ValidationIssueFilter = { ...rest, practices: [...names.keys()] };
    return resources
      ? { resources: (await listResourcesWithIssues(db, query)).map((one) => toResourceIssues(one, names)) }
      : { kinds: (await summarizeValidationIssues(db, query)).map((one) => toIssueKind(one, names)) };
  });
  const rows = 'kinds' in found ? found.kinds : found.resources;
  const text = 'kinds' in found ? kindsText(found.kinds) : resourcesText(found.resources);
  printResult(input, rows, rows.length === 0 ? 'No validation issues.' : text);
  return 0;
}

function readOptions(input: CommandInput) {
  const options = {
    resources: { type: 'boolean', default: false },
    practice: { type: 'string' },
    type: { type: 'string' },
    source: { type: 'string' },
    limit: { type: 'string', default: '100' },
  } as const;
  const { values } = readArguments(input.arguments, options, []);
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new OperatorError(`--limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  return { ...values, limit };
}

const MAX_LIMIT = 100_000;
type PracticeNames = ReadonlyMap<PracticeId, string>;

const toIssueKind = ({ practiceId, profile, ...one }: ValidationIssueSummary, names: PracticeNames) => ({
  practice: names.get(practiceId) ?? '',
  ...one,
  profile: profile ?? null,
});

const toResourceIssues = ({ practiceId, foundAt, type, id, ...one }: ResourceWithIssues, names: PracticeNames) => ({
  practice: names.get(practiceId) ?? '',
  resource: `${type}/${id}`,
  at: foundAt.toISOString(),
  ...one,
});

const kindsText = (kinds: readonly ReturnType<typeof toIssueKind>[]): string =>
  formatTable(
    ['practice', 'severity', 'resources', 'element', 'issue', 'required by'],
    kinds.map((one) => [
      one.practice,
      one.severity,
      String(one.resources),
      one.element,
      one.text,
      one.profile ?? 'FHIR R4',
    ]),
  );

const resourcesText = (resources: readonly ReturnType<typeof toResourceIssues>[]): string =>
  resources
    .flatMap(({ practice, resource, source, issues }) => [
      `${practice}: ${resource} (from ${source})`,
      ...issues.map(
        ({ severity, path, text, profile }) =>
          `  ${severity}: ${path}: ${text}${profile === undefined ? '' : ` [${profile}]`}`,
      ),
    ])
    .join('\n');
