/** What one look at the installation found. */
export interface Finding {
  /** What was looked at: `database`, `mail` … */
  readonly about: string;
  readonly state: 'fine' | 'look' | 'broken';
  readonly says: string;
  /** How to mend it; undefined: there is nothing to mend. */
  readonly mend?: string;
}

export const fine = (about: string, says: string): Finding => ({ about, state: 'fine', says });
export const look = (about: string, says: string, mend: string): Finding => ({ about, state: 'look', says, mend });
export const broken = (about: string, says: string, mend: string): Finding => ({ about, state: 'broken', says, mend });

const SIGNS = { fine: 'ok    ', look: 'look  ', broken: 'BROKEN' } as const;

export const findingText = ({ about, state, says, mend }: Finding): string =>
  [`${SIGNS[state]}  ${about}: ${says}`, ...(mend === undefined ? [] : [`        ${mend}`])].join('\n');
