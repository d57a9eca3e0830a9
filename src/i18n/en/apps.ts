/** Texts of the app form in the developer portal, and the email about an expiring client secret. */
export const appForm = {
  apis: { r4: 'FHIR R4 with US Core', dstu2: 'FHIR DSTU2 with Argonaut names' },
  /** Labels of scopes that don't give access to health data, such as `openid`. */
  scopes: {
    openid: { label: 'Signed-in user', hint: 'An ID token that identifies the user.' },
    profile: { label: 'User’s name', hint: 'Included in the user info response.' },
    fhirUser: { label: 'User’s FHIR resource', hint: 'The FHIR resource that represents the signed-in user.' },
    'launch/patient': {
      label: 'Patient',
      hint: 'The token response includes the ID of the patient.',
    },
    launch: { label: 'Launch from the chart', hint: 'The app opens for the patient that staff are viewing.' },
    'launch/encounter': {
      label: 'Visit',
      hint: 'The token response includes the ID of the visit that staff are viewing.',
    },
    offline_access: {
      label: 'Access when the user is away',
      hint: 'Refresh tokens are valid for 93 days after their last use. The user decides.',
    },
    online_access: {
      label: 'Access while the user is signed in',
      hint: 'Refresh tokens are valid until the user signs out, 12 hours at most.',
    },
  },
  lifetimes: { 30: '30 days', 90: '90 days', 180: '180 days', 365: 'One year', never: 'Until you end it' },
  preview: { person: 'Alex Example', practice: 'Example Family Practice' },
  expiringSecretEmail: ({ app, secret, day, page }: ExpiringSecretFacts) => ({
    subject: `A client secret for ${app} expires on ${day}`,
    text: `The client secret “${secret}” for ${app} expires on ${day}. After that, requests that use it are rejected.

Two secrets can be valid at the same time, so you can rotate without downtime. Create a second secret, add it to your app, then revoke the first one.
${page}`,
    button: { label: 'Open the app’s page', url: page },
  }),
};

interface ExpiringSecretFacts {
  readonly app: string;
  readonly secret: string;
  readonly day: string;
  /** URL of the app's page in the developer portal. */
  readonly page: string;
}
