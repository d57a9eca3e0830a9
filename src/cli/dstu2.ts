import { countHidden, dstu2Losses, HAS_ANOTHER_FORM } from '../fhir/index.ts';
import { readArguments } from './arguments.ts';
import { answer, type Command, table } from './command.ts';
import { withInstallation } from './with-installation.ts';

export const dstu2Report: Command = {
  name: 'dstu2 report',
  usage: 'dstu2 report',
  summary:
    "What FHIR DSTU2 can't hold: R4's elements without a place there, by type, and how many of the stored resources a rule hides from its clients.",
  async run(input) {
    readArguments(input.arguments, {}, []);
    const losses = dstu2Losses();
    const hidden = await withInstallation(input, ({ db }) => countHidden(db, HAS_ANOTHER_FORM));
    const lost = losses.map(({ stored, type, elements, partly, single }) => [
      stored,
      type,
      elements.join(' ') || 'nothing',
      partly.join(' '),
      single.join(' '),
    ]);
    const rules = hidden.map(({ type, projection, rule, resources }) => [type, projection, rule, String(resources)]);
    answer(
      input,
      { losses, hidden },
      [
        table(['R4', 'DSTU2', 'Lost', 'Lost at times', 'One of several'], lost),
        table(['R4', 'Kept as', 'Hidden by', 'Resources'], rules),
      ].join('\n\n'),
    );
    return 0;
  },
};
