#!/usr/bin/env node
import { processEnvironment } from '../config/index.ts';
import { stopSignal } from '../kernel/index.ts';
import { runCommand } from './run-command.ts';

// A reader such as `head` in `patient-access … | head` may close the pipe early, which isn't an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: processEnvironment(),
  folder: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  stopSignal,
});
