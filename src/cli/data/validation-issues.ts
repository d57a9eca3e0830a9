import {
  listResourcesWithIssues,
  type ResourceWithIssues,
  summarizeValidationIssues,
  type ValidationIssueFilter,
  type ValidationIssueSummary,
} from '../../intake/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { findPracticeByName, listPractices } from '../../practices/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { VALIDATION_ISSUES } from '../definitions/data.ts';
import { parseCount } from '../option-values.ts';
import { withInstallation } from '../with-installation.ts';

export async function validationIssuesCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof VALIDATION_ISSUES>,
): Promise<number> {
  const { resources, practice, ...filter } = { ...values, limit: parseCount('limit', values.limit) };
  const found = await withInstallation(input, async ({ db }) => {
    const all = practice === undefined ? await listPractices(db) : [await findPracticeByName(db, practice)];
    const names = new Map(all.map(({ practiceId, name }) => [practiceId, name]));
    const query: ValidationIssueFilter = { ...filter, practices: [...names.keys()] };
    return resources
      ? { resources: (await listResourcesWithIssues(db, query)).map((one) => toResourceIssues(one, names)) }
      : { kinds: (await summarizeValidationIssues(db, query)).map((one) => toIssueKind(one, names)) };
  });
  const rows = 'kinds' in found ? found.kinds : found.resources;
  const text = 'kinds' in found ? kindsText(found.kinds) : resourcesText(found.resources);
  printResult(input, rows, rows.length === 0 ? 'No validation issues.' : text);
  return 0;
}

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
