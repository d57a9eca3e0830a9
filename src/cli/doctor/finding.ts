/** Result of one check by the `doctor` command. */
export interface DoctorFinding {
  /** Part of the installation that was checked, such as `database` or `mail`. */
  readonly about: string;
  readonly state: 'fine' | 'look' | 'broken';
  readonly says: string;
  /** Explains how to fix the problem. undefined if the check found no problem. */
  readonly mend?: string;
}

export const okFinding = (about: string, says: string): DoctorFinding => ({ about, state: 'fine', says });
export const warningFinding = (about: string, says: string, fix: string): DoctorFinding => ({
  about,
  state: 'look',
  says,
  mend: fix,
});
export const errorFinding = (about: string, says: string, fix: string): DoctorFinding => ({
  about,
  state: 'broken',
  says,
  mend: fix,
});

const STATE_LABELS = { fine: 'ok     ', look: 'warning', broken: 'ERROR  ' } as const;

export const findingText = ({ about, state, says, mend }: DoctorFinding): string =>
  [`${STATE_LABELS[state]}  ${about}: ${says}`, ...(mend === undefined ? [] : [`         ${mend}`])].join('\n');
