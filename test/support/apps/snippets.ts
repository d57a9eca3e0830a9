import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';

const exists = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** Programs that run a snippet of the API explorer from their input, as if it was pasted. undefined if one is missing. */
export const SNIPPET_PROGRAMS = {
  curl: exists('curl') ? 'sh -s' : undefined,
  fetch: '"$THIS_NODE" --input-type=module -',
  Python: exists('python3') ? 'python3 -' : undefined,
} as const;

export type SnippetName = keyof typeof SNIPPET_PROGRAMS;

/**
 * Runs a snippet in a shell, after the command that sets the token.
 * @param folder folder in which the snippet runs
 * @returns the output of the snippet
 */
export async function runSnippet(
  name: SnippetName,
  snippet: string,
  tokenCommand: string,
  folder?: string,
): Promise<string> {
  const shell = spawn('bash', ['-c', `${tokenCommand}\nexec ${SNIPPET_PROGRAMS[name]}`], {
    cwd: folder,
    env: { ...process.env, THIS_NODE: process.execPath, PYTHONIOENCODING: 'utf-8' },
  });
  const ended = new Promise((resolve) => shell.once('close', resolve));
  shell.stdin.end(`${snippet}\n`);
  const [output, errors] = await Promise.all([text(shell.stdout), text(shell.stderr), ended]);
  if (shell.exitCode !== 0) throw new Error(`${name} ended with ${shell.exitCode}: ${errors}`);
  return output;
}
