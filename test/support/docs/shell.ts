// A bash like the one in which a reader of the documentation pastes commands.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

export interface ShellOutput {
  readonly output: string;
  readonly errors: string;
  /** Exit status of the last command. */
  readonly status: number;
}

export class Shell {
  readonly #bash: ChildProcessWithoutNullStreams;
  readonly #end = `end-${randomUUID()}`;
  #output = '';
  #errors = '';
  #changed = () => {};

  /** @param wrapper program that becomes the bash, with its arguments */
  constructor(
    folder: string,
    environment: Readonly<Record<string, string>>,
    [program = 'bash', ...args]: readonly string[] = ['bash', '--noprofile', '--norc'],
  ) {
    this.#bash = spawn(program, args, { cwd: folder, env: environment });
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#changed();
    });
    this.#bash.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
      this.#changed();
    });
    this.#bash.on('close', () => this.#changed());
    // An interactive shell expands `!` as a reference to an earlier command. This one does too.
    this.#bash.stdin.write('set -o history -H\n');
  }

  /** Pastes commands, and waits until the last one has ended. */
  async run(commands: string): Promise<ShellOutput> {
    this.#bash.stdin.write(`${commands}\nprintf '\\n${this.#end} %s\\n' "$?"; printf '\\n${this.#end}\\n' >&2\n`);
    const wanted = new RegExp(`\\n${this.#end} (\\d+)\\n`);
    for (;;) {
      const [marker = '', status = ''] = wanted.exec(this.#output) ?? [];
      if (marker !== '' && this.#errors.includes(this.#end)) {
        const output = this.#output.slice(0, this.#output.indexOf(marker));
        const errors = this.#errors.slice(0, this.#errors.indexOf(`\n${this.#end}`));
        [this.#output, this.#errors] = ['', ''];
        return { output, errors, status: Number(status) };
      }
      if (this.#bash.exitCode !== null) throw new Error(`the shell has ended: ${this.#errors}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  async close(): Promise<void> {
    if (this.#bash.exitCode !== null) return;
    const closed = once(this.#bash, 'close');
    this.#bash.stdin.end();
    await closed;
  }
}
