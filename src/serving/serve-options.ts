import type { Config, Environment } from '../config/index.ts';

export interface ServeOptions {
  readonly config: Config;
  /** Environment variables from which `config` was read. The server passes them to processes that it starts. */
  readonly environment: Environment;
  print(text: string): void;
  /** Signal that aborts when the server should stop. */
  readonly stop: AbortSignal;
}
