/** Names on the visited pages. They are left out when the reading level is computed. */
export const APP = 'Walk With Me';
export const OTHER_APP = 'Pill Diary';
export const SELF_REGISTERED_APP = 'Itself';
export const DEVELOPER = 'Acme Health';
/** Words that no app in the gallery has. */
export const SEARCHED = 'xylophone';
export const PHONE = '480-555-0199';

export const SENSITIVE_LABEL = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  code: 'ETH',
  label: { en: 'Treatment of substance use', es: 'Tratamiento por consumo de sustancias' },
  basis: { en: '42 CFR Part 2', es: '42 CFR Parte 2' },
};

/** Names to leave out of sentences: people, apps, developers, practices, laws and products. */
export const NAMES: readonly string[] = [
  `“${SELF_REGISTERED_APP}”`,
  APP,
  OTHER_APP,
  DEVELOPER,
  SENSITIVE_LABEL.basis.en,
  SENSITIVE_LABEL.basis.es,
  'Live practice',
  'Google Authenticator',
  'Microsoft Authenticator',
  'Patient Access',
  'My Record (demo)',
  'JavaScript',
  SEARCHED,
];
