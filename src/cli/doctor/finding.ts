/** Result of one check by the `doctor` command. */
export interface DoctorFinding {
  /** Part of the installation that was checked, such as `database` or `mail`. */
  readonly about: string;
  readonly level: 'ok' | 'warning' | 'error';
  readonly message: string;
  /** Explains how to fix the problem. undefined if the check found no problem. */
  readonly fix?: string;
}

export const okFinding = (about: string, message: string): DoctorFinding => ({ about, level: 'ok', message });
export const warningFinding = (about: string, message: string, fix: string): DoctorFinding => ({
  about,
  level: 'warning',
  message,
  fix,
});
export const errorFinding = (about: string, message: string, fix: string): DoctorFinding => ({
  about,
  level: 'error',
  message,
  fix,
});

const LABELS = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' } as const;

export const findingText = ({ about, level, message, fix }: DoctorFinding): string =>
  [`${LABELS[level]}  ${about}: ${message}`, ...(fix === undefined ? [] : [`         ${fix}`])].join('\n');

const JSON_STATES = { ok: 'fine', warning: 'look', error: 'broken' } as const;

/** Converts a finding to the JSON of `doctor --json`, whose names monitoring scripts rely on. */
export const findingJson = ({ about, level, message, fix }: DoctorFinding) => ({
  about,
  state: JSON_STATES[level],
  says: message,
  ...(fix === undefined ? {} : { fix }),
});
