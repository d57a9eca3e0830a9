/** Result of one check of the installation. */
export interface Finding {
  /** The checked part: `database`, `mail` and so on. */
  readonly about: string;
  readonly state: 'fine' | 'look' | 'broken';
  readonly says: string;
  /** How to fix the problem; undefined if there is none. */
  readonly mend?: string;
}

export const fine = (about: string, says: string): Finding => ({ about, state: 'fine', says });
export const look = (about: string, says: string, mend: string): Finding => ({ about, state: 'look', says, mend });
export const broken = (about: string, says: string, mend: string): Finding => ({ about, state: 'broken', says, mend });

const SIGNS = { fine: 'ok    ', look: 'look  ', broken: 'BROKEN' } as const;

export const findingText = ({ about, state, says, mend }: Finding): string =>
  [`${SIGNS[state]}  ${about}: ${says}`, ...(mend === undefined ? [] : [`        ${mend}`])].join('\n');
