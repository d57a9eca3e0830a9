import { countHidden, dstu2Losses, HAS_ANOTHER_FORM } from '../fhir/index.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

export async function dstu2Report(input: CommandInput): Promise<number> {
  readArguments(input.arguments, {}, []);
  const losses = dstu2Losses();
  const hiddenCounts = await withInstallation(input, ({ db }) => countHidden(db, HAS_ANOTHER_FORM));
  const lost = losses.map(({ stored, type, elements, partly, single }) => [
    stored,
    type,
    elements.join(' ') || 'nothing',
    partly.join(' '),
    single.join(' '),
  ]);
  const rules = hiddenCounts.map(({ type, projection, rule, resources }) => [
    type,
    projection,
    rule,
    String(resources),
  ]);
  answer(
    input,
    { losses, hidden: hiddenCounts },
    [
      table(['R4', 'DSTU2', 'Lost', 'Lost at times', 'One of several'], lost),
      table(['R4', 'Kept as', 'Hidden by', 'Resources'], rules),
    ].join('\n\n'),
  );
  return 0;
}
