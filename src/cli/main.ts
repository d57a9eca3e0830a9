#!/usr/bin/env node
import { callersFolder, configOfProcess } from '../config/index.ts';
import { OperatorFault } from '../kernel/index.ts';
import { accountsLock, accountsUnlock, staffAdd } from './accounts.ts';
import { accountsList } from './accounts-list.ts';
import { accountsLostFactor } from './accounts-lost-factor.ts';
import { accountsSetPassword } from './accounts-password.ts';
import { administratorsInvite, administratorsList } from './administrators.ts';
import { appsList, appsLog } from './apps.ts';
import { appsAdd } from './apps-add.ts';
import { appsSet, appsSetState } from './apps-change.ts';
import { appsSecret } from './apps-secret.ts';
import { appsShow } from './apps-show.ts';
import { UsageError } from './arguments.ts';
import type { Command } from './command.ts';
import { doctor } from './doctor/index.ts';
import { dstu2Report } from './dstu2.ts';
import { faults } from './faults.ts';
import { feedRefused, feedRetry } from './feed.ts';
import { grantsEnd, grantsList } from './grants.ts';
import { groupsAdd, groupsList, groupsRemove, groupsRename } from './groups.ts';
import { groupsMembers, groupsShow } from './groups-members.ts';
import { keysRotate } from './keys.ts';
import { load } from './load.ts';
import { migrateCommand } from './migrate.ts';
import { patientsAdd, patientsList } from './patients.ts';
import { practicesAdd, practicesList, practicesSet } from './practices.ts';
import { printable } from './printable.ts';
import { recordMerge, recordRetract, recordUnmerge } from './records.ts';
import { representationsAdd, representationsEnd, representationsList } from './representations.ts';
import { sandboxFill, sandboxGenerate } from './sandbox.ts';
import { serve } from './serve.ts';
import { validate } from './validate.ts';

const COMMANDS: readonly Command[] = [
  serve,
  migrateCommand,
  doctor,
  load,
  validate,
  faults,
  feedRefused,
  feedRetry,
  appsAdd,
  appsList,
  appsLog,
  appsSecret,
  appsSet,
  appsSetState,
  appsShow,
  practicesList,
  practicesAdd,
  practicesSet,
  patientsList,
  patientsAdd,
  recordMerge,
  recordUnmerge,
  recordRetract,
  representationsAdd,
  representationsEnd,
  representationsList,
  staffAdd,
  administratorsInvite,
  administratorsList,
  accountsList,
  accountsLock,
  accountsUnlock,
  accountsSetPassword,
  accountsLostFactor,
  dstu2Report,
  grantsList,
  grantsEnd,
  groupsAdd,
  groupsList,
  groupsShow,
  groupsMembers,
  groupsRename,
  groupsRemove,
  keysRotate,
  sandboxFill,
  sandboxGenerate,
];

process.exitCode = await run(process.argv.slice(2));

/** Exit codes: 0 done, 1 could not, 2 not understood. */
async function run(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const plain = asOption(words.filter((word) => word !== '--json'));
  const command = COMMANDS.find(({ name }) => name.split(' ').every((part, i) => plain[i] === part));
  if (command === undefined) {
    const unknown = plain.length > 0 && !plain.includes('--help') ? `There is no command "${plain.join(' ')}".\n` : '';
    const alike = COMMANDS.filter(({ name }) => name.split(' ')[0] === plain[0]);
    process.stderr.write(`${unknown}${usage(alike.length > 0 ? alike : COMMANDS)}\n`);
    return plain.length === 0 || plain.includes('--help') ? 0 : 2;
  }
  if (plain.includes('--help')) {
    process.stdout.write(`Usage: patient-access ${command.usage}\n${command.summary}\n`);
    return 0;
  }
  try {
    return await command.run({
      config: configOfProcess(),
      arguments: plain.slice(command.name.split(' ').length),
      folder: callersFolder(),
      json,
      print: (text) => process.stdout.write(`${text}\n`),
      remark: (text) => process.stderr.write(`${printable(text)}\n`),
    });
  } catch (error) {
    return complain(error, command);
  }
}

/** `help` and `help apps add` are what `--help` and `apps add --help` are. */
function asOption(words: readonly string[]): readonly string[] {
  return words[0] === 'help' ? [...words.slice(1), '--help'] : words;
}

function complain(error: unknown, command: Command): number {
  if (error instanceof OperatorFault) {
    process.stderr.write(`${printable(error.message)}\n`);
    return 1;
  }
  if (error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') === true) {
    const { message } = error as Error;
    process.stderr.write(`${printable(message)}\nUsage: patient-access ${command.usage}\n`);
    return 2;
  }
  throw error;
}

function usage(commands: readonly Command[]): string {
  const lines = commands.map(({ usage, summary }) => `  patient-access ${usage}\n      ${summary}`);
  return `Usage (add --json to any for JSON alone on standard output):\n${lines.join('\n')}`;
}
