import { execFile } from 'node:child_process';
import { OperatorError, seconds } from '../kernel/index.ts';
import type { EncryptionKey } from './encryption-key.ts';

/** Milliseconds that a call of the program may take: it may ask a service on another machine. */
const TIME_LIMIT = seconds(30);
const MAX_OUTPUT = 64 * 1024;
/** Longest part of the program's error output that a message contains. */
const MAX_REASON = 300;

/**
 * Opens the encryption key of a program, which asks a hardware module or a key service. The program is called as follows,
 * and ends with 0:
 *
 * - `PROGRAM id` prints the id of the key that wraps.
 * - `PROGRAM wrap ID` reads a data key in base64 from standard input, and prints it encrypted, in base64.
 * - `PROGRAM unwrap ID` does the reverse, also with keys that wrapped before.
 *
 * docs/encryption.md describes it for authors of such programs.
 */
export function openKeyProgram(program: string): EncryptionKey {
  const currentKeyId = async (): Promise<string> => {
    const keyId = (await run(program, ['id'])).trim();
    if (!/^[!-~]{1,200}$/.test(keyId))
      throw new OperatorError(`The program ${program} printed no id of a key: 1 to 200 visible characters.`);
    return keyId;
  };
  return {
    currentKeyId,
    async wrap(dataKey) {
      const keyId = await currentKeyId();
      return { keyId, wrapped: await convert(program, ['wrap', keyId], dataKey) };
    },
    unwrap: ({ keyId, wrapped }) => convert(program, ['unwrap', keyId], wrapped),
  };
}

async function convert(program: string, words: readonly string[], input: Buffer): Promise<Buffer> {
  const printed = (await run(program, words, `${input.toString('base64')}\n`)).replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(printed))
    throw new OperatorError(`The program ${program} printed no base64 for "${words[0]}".`);
  return Buffer.from(printed, 'base64');
}

/** Runs the program. Its input and output are keys, so no message contains them. */
function run(program: string, words: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const limits = { timeout: TIME_LIMIT, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT } as const;
    const child = execFile(program, words, limits, (error, printed, errors) => {
      if (error === null) resolve(printed);
      else reject(new OperatorError(`The program ${program} ${describeFailure(error, words[0], errors)}`));
    });
    // A program that ends without reading its input has its own exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

function describeFailure(
  { code, signal, killed }: { code?: string | number | null; signal?: string | null; killed?: boolean },
  word: string | undefined,
  errors: string,
): string {
  if (typeof code === 'string') return `can't be run (${code}).`;
  if (killed === true) return `didn't answer "${word}" within ${TIME_LIMIT / 1000} seconds.`;
  const ending = signal ?? `exit code ${code}`;
  const reason = errors.trim().replaceAll(/\s+/g, ' ').slice(0, MAX_REASON);
  return `failed at "${word}" with ${ending}${reason === '' ? '.' : `: ${reason}`}`;
}
