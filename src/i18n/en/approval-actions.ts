/** Actions of administrators that all administrators hear of, without a period, by what they are about. */
export const approvalActions = {
  'rotate-keys': (_about: string) => 'Rotate the signing keys',
  'replace-leaked-keys': (_about: string) => 'Replace leaked signing keys',
  'rotate-encryption-key': (_about: string) => 'Replace the key that encrypts secrets',
  'suspend-app': (app: string) => `Suspend the app ${app}`,
  'resume-app': (app: string) => `Resume the app ${app}`,
  'retire-app': (app: string) => `Retire the app ${app} permanently`,
  'approve-app': (app: string) => `Let the app ${app} read whole practices`,
  'invite-administrator': (person: string) => `Invite ${person} as an administrator`,
  'remove-administrator': (person: string) => `Remove ${person} as an administrator`,
  'erase-record': (record: string) => `Erase the patient record ${record}`,
  'leave-administrators': (person: string) => `${person} gives up the role of administrator`,
  'lock-administrator': (person: string) => `Lock the account of the administrator ${person}`,
  'unlock-administrator': (person: string) => `Unlock the account of the administrator ${person}`,
  'reset-administrator-factor': (person: string) => `Reset the second factor of the administrator ${person}`,
  'set-administrator-password': (person: string) => `Set a new password for the administrator ${person}`,
};
