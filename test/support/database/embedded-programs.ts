import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { EmbeddedPostgres } from '../../../src/database/embedded/index.ts';
import { COMPILE_CACHE } from '../servers/processes.ts';
import type { Identity } from './identities.ts';

export type ProgramEvent =
  | {
      readonly event: 'started';
      readonly adopted: boolean;
      readonly connection: EmbeddedPostgres['connection'];
      readonly took: number;
    }
  | { readonly event: 'refused'; readonly name: string; readonly message: string }
  | { readonly event: 'wrote'; readonly n: number }
  | { readonly event: 'stopped' };
type EventNamed<Name> = Extract<ProgramEvent, { event: Name }>;

export interface EmbeddedProgram {
  readonly pid: number;
  /** Events that the program has reported so far. */
  readonly events: readonly ProgramEvent[];
  /** Waits for the first event with a name, or for the `count`-th one. Rejects if the program ends without it. */
  waitForEvent<Name extends ProgramEvent['event']>(name: Name, count?: number): Promise<EventNamed<Name>>;
  stop(): Promise<void>;
  /** Ends the program with SIGKILL. */
  kill(): Promise<void>;
}

export const EMBEDDED_PROGRAM = fileURLToPath(new URL('embedded-program.ts', import.meta.url));

interface RunOptions {
  readonly identity?: Identity;
  readonly write?: boolean;
  /** Path of another copy of the program. */
  readonly script?: string;
}

export function startEmbeddedProgram(
  dataDir: string,
  role: 'server' | 'command',
  { identity, write, script = EMBEDDED_PROGRAM }: RunOptions = {},
): EmbeddedProgram {
  const child = spawn(process.execPath, [script, dataDir, role, ...(write ? ['write'] : [])], {
    ...identity?.spawnAs,
    env: COMPILE_CACHE,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const program = follow(child);
  onTestFinished(() => program.kill());
  return program;
}

function follow(child: ChildProcessWithoutNullStreams): EmbeddedProgram {
  const events: ProgramEvent[] = [];
  const changed = new EventEmitter();
  let errors = '';
  let over = false;
  child.stderr.on('data', (data) => {
    errors += data;
  });
  createInterface(child.stdout).on('line', (line) => {
    events.push(JSON.parse(line) as ProgramEvent);
    changed.emit('change');
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      over = true;
      changed.emit('change');
      resolve();
    });
  });
  const unlessOver = (name: string): undefined => {
    if (over) throw new Error(`ended without "${name}": ${JSON.stringify(events.at(-1))} ${errors}`);
  };
  return {
    pid: child.pid ?? 0,
    events,
    async waitForEvent(name, count = 1) {
      for (;;) {
        const found = events.filter(({ event }) => event === name)[count - 1] ?? unlessOver(name);
        if (found !== undefined) return found as EventNamed<typeof name>;
        await once(changed, 'change');
      }
    },
    stop() {
      child.stdin.end();
      return ended;
    },
    kill() {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
