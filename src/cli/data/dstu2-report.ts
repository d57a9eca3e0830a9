import { countHiddenResources, HAS_OTHER_VARIANT, listDstu2Losses } from '../../fhir/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import { withInstallation } from '../with-installation.ts';

export async function dstu2ReportCommand(input: CommandInput): Promise<number> {
  const losses = listDstu2Losses();
  const hiddenCounts = await withInstallation(input, ({ db }) => countHiddenResources(db, HAS_OTHER_VARIANT));
  const lost = losses.map(({ stored, type, elements, partly, single }) => [
    stored,
    type,
    elements.join(' ') || 'none',
    partly.join(' '),
    single.join(' '),
  ]);
  const rules = hiddenCounts.map(({ type, projection, rule, resources }) => [
    type,
    projection,
    rule,
    String(resources),
  ]);
  printResult(
    input,
    { losses, hidden: hiddenCounts },
    [
      formatTable(['R4', 'DSTU2', 'Left out', 'Shown only in some cases', 'Only one shown'], lost),
      formatTable(['R4', 'DSTU2', 'Hidden by', 'Resources'], rules),
    ].join('\n\n'),
  );
  return 0;
}
