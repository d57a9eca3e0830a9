/** Texts of the app form in the developer portal, and the email about an expiring client secret. */
export const appForm = {
  apis: { r4: 'FHIR R4, with US Core', dstu2: 'FHIR DSTU2, with Argonaut’s names' },
  /** Labels of scopes that don't give access to health data, such as `openid`. */
  scopes: {
    openid: { label: 'Who signed in', hint: 'An id token that says who it was.' },
    profile: { label: 'Their name', hint: 'In the answer about who signed in.' },
    fhirUser: { label: 'Their own entry', hint: 'Where the person who signed in stands in the record.' },
    'launch/patient': {
      label: 'Which patient',
      hint: 'The id of the patient whose record it is comes with the token.',
    },
    launch: { label: 'Opened from the chart', hint: 'It is opened for the patient that staff are looking at.' },
    'launch/encounter': { label: 'Which visit', hint: 'The visit that staff are looking at comes with the token.' },
    offline_access: {
      label: 'Access when the person is away',
      hint: 'Refresh tokens for 93 days, each from its last use. The person decides.',
    },
    online_access: {
      label: 'Access while the person is signed in',
      hint: 'Refresh tokens until the person signs out, 12 hours at most.',
    },
  },
  lifetimes: { 30: '30 days', 90: '90 days', 180: '180 days', 365: 'One year', never: 'Until you end it' },
  preview: { person: 'Alex Example', practice: 'Example Family Practice' },
  expiringSecretEmail: ({ app, secret, day, page }: ExpiringSecretFacts) => ({
    subject: `A secret of ${app} ends on ${day}`,
    text: `The secret “${secret}” of ${app} ends on ${day}. From then on calls that use it are refused.

Two secrets are good at once, so nothing has to fail: make the second one, put it into your app, then end the first.
${page}`,
  }),
};

interface ExpiringSecretFacts {
  readonly app: string;
  readonly secret: string;
  readonly day: string;
  /** URL of the app's page in the developer portal. */
  readonly page: string;
}
