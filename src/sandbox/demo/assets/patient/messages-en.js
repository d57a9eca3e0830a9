const count = (number, one, many) => `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;

/** Texts of the patient app. messages-es.js has the same keys. */
export const english = {
  page: {
    skip: 'Skip to main content',
    fictional: 'All people and data here are fictional. The sandbox has no real patient data.',
    privacy: 'Privacy policy',
  },
  start: {
    title: 'Your health record, where you want it',
    lead: 'This app gets your record from your practice, with your permission, and shows it to you. It doesn’t store health data. When you close the tab, your connection is deleted.',
    connect: 'Connect my record',
    hint: 'Try it with a test patient',
    username: 'Username',
    password: 'Password',
    others:
      'There are twenty-two more, patient02 to patient23, with the same password. patient02 has the largest record. patient04 is a child. patient23 has records at two practices.',
    how: 'How it works',
    steps: [
      'You sign in at the practice. The app never sees your password.',
      'You choose what to share. The app can’t read anything else.',
      'The app reads your record. You can disconnect it here at any time. Its access also ends when you sign out at the practice, or after 12 hours.',
    ],
  },
  disconnected: {
    title: 'The app is disconnected',
    happened:
      'The app can no longer read your record. Your data is deleted from this tab. Your practice still has your record.',
    next: 'To see your record here again, connect again. On a shared computer, sign out at the practice too, because you may still be signed in there.',
  },
  connection: {
    noRecord: 'The app can’t open your record right now',
    back: 'Back to R4',
    interrupted: 'The connection was interrupted. Please connect again.',
    ended:
      'This app is no longer connected. You disconnected it in your account, or its access has expired. Connect again to see your record.',
    notRevoked: (reason) =>
      `Your data is deleted from this tab, but the app’s access hasn’t ended. End it in your account at the practice. ${reason}`,
  },
  bar: {
    opening: 'Opening your record…',
    connecting: 'Connecting…',
    version: 'FHIR version',
    sections: 'Sections of the record',
    print: 'Print',
    disconnect: 'Disconnect',
    connection: 'Connection',
    expires: 'Token expires',
    refreshable: 'Can be refreshed',
    refreshableUntil: 'while you are signed in at the practice',
    scopes: 'Scopes',
    server: 'FHIR server',
    refresh: 'Refresh token',
    refreshed: (time) => `New access token, valid until ${time}.`,
    loading: (got, total) => `Loading your record: ${got}${total ? ` of ${total}` : ''} entries`,
    loaded: (entries) => `Your record is loaded: ${count(entries, 'entry', 'entries')}.`,
    incomplete: 'Some sections couldn’t be loaded.',
  },
  sections: {
    medicines: 'Medicines',
    allergies: 'Allergies',
    problems: 'Health problems',
    results: 'Measurements and labs',
    immunizations: 'Immunizations',
    procedures: 'Procedures',
    visits: 'Visits',
    documents: 'Notes and documents',
  },
  notShared: 'Not shared. You didn’t select this when you gave permission. To share it, connect again.',
  partNotShared: {
    MedicationRequest: 'Prescriptions were not shared, so this list may be incomplete.',
    MedicationStatement: 'Reported medicines were not shared, so this list may be incomplete.',
  },
  dstu2Medicines:
    'DSTU2 leaves out medicines that are only planned, or that must not be taken. To see them, choose R4.',
  markNote:
    'A flag such as “High” comes from the lab or the practice. A result without a flag may still need attention. If you have questions, ask your practice.',
};
