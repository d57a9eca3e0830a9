import type { CliCommand } from './command.ts';
import { RELATIONSHIP_CODES } from './relationships.ts';

const APP_DESCRIPTION_USAGE = '[--developer NAME] [--policy-uri URL] [--answer QUESTION=ANSWER…]';

/**
 * All commands of the command line. The module of a command is imported only when that command runs, so that every
 * command starts fast.
 */
export const COMMANDS: readonly CliCommand[] = [
  {
    name: 'serve',
    usage: 'serve',
    summary: 'Run the server until it is stopped.',
    load: async () => (await import('./server/serve.ts')).serveCommand,
  },
  {
    name: 'migrate',
    usage: 'migrate',
    summary: 'Update the database schema. The server does this itself at start.',
    load: async () => (await import('./server/migrate.ts')).migrateCommand,
  },
  {
    name: 'doctor',
    usage: 'doctor',
    summary:
      'Check settings, database, clock, disk, keys, email, practices, feeds, loads and validation, and explain how to fix each problem. Exit code 1: there is an error.',
    load: async () => (await import('./doctor/doctor.ts')).doctorCommand,
  },
  {
    name: 'load',
    usage: 'load FILE|FOLDER… [--practice NAME] [--source NAME]',
    summary:
      'Load FHIR R4 Bundles, NDJSON and C-CDA documents, into the live practice unless --practice names another. From a folder and its subfolders, all files ending in .json, .ndjson, .jsonl or .xml are loaded. Rejected resources are listed with their place and the reason; the others are loaded. A Bundle of type transaction is loaded completely or not at all. Run an interrupted load again: it skips what is already stored. --source names the system that issued the patient ids, if several systems may use the same ids. The setting VALIDATION decides about validation. Exit code 1: a resource was rejected, or there was none.',
    load: async () => (await import('./data/load.ts')).loadCommand,
  },
  {
    name: 'validate',
    usage: 'validate FILE… [--ig PACKAGE_OR_FOLDER…] [--profile URL…] [--all]',
    summary:
      'Validate FHIR R4 resources, Bundles and NDJSON against R4, the implementation guides in --ig, and the profiles that they declare or --profile names. --all shows warnings too. Needs no database. Exit code 1: there is an error.',
    load: async () => (await import('./data/validate.ts')).validateCommand,
  },
  {
    name: 'validation issues',
    formerly: 'faults',
    usage: 'validation issues [--resources] [--practice NAME] [--type TYPE] [--source NAME] [--limit N]',
    summary:
      'List the issues that validation found in loaded and fed data: each kind of issue with its number of resources or, with --resources, each resource and the element. No values of resources are shown.',
    load: async () => (await import('./data/validation-issues.ts')).validationIssuesCommand,
  },
  {
    name: 'feed rejected',
    formerly: 'feed refused',
    usage: 'feed rejected [--practice NAME]',
    summary:
      'List the resources of feed batches that were rejected: when, from which app, which resource and why. Resources that refer to something not yet received are retried automatically.',
    load: async () => (await import('./data/feed.ts')).rejectedEntriesCommand,
  },
  {
    name: 'feed retry',
    usage: 'feed retry [--practice NAME]',
    summary: 'Retry all rejected resources of feed batches, after you fixed what caused the rejection.',
    load: async () => (await import('./data/feed.ts')).retryRejectedCommand,
  },
  {
    name: 'apps add',
    usage: `apps add --name NAME --redirect-uri URI… --api r4,dstu2 [--kind patient|staff|backend] ${APP_DESCRIPTION_USAGE} [--verified] [--public | --jwks FILE | --jwks-uri URL] [--launch-uri URL] [--practice NAME…] [--scope SCOPES] [--require-aud] [--may-introspect] [--id-token-alg RS256|ES256] [--dpop-bound] [--active]`,
    summary:
      'Register an app and print its client_id and client_secret. An app with keys has no secret. The app is provisional unless --active. A backend app needs keys. It reads at the practices that --practice names, or at the sandbox only without it. With c, u or d in its system/ scopes it also writes, and needs exactly one practice. --verified confirms that you verified the developer.',
    load: async () => (await import('./apps/add-app.ts')).addAppCommand,
  },
  {
    name: 'apps list',
    usage: 'apps list',
    summary: 'List the registered apps.',
    load: async () => (await import('./apps/list-apps.ts')).listAppsCommand,
  },
  {
    name: 'apps log',
    usage: 'apps log CLIENT_ID [--limit N]',
    summary: 'Show why requests of an app were rejected by the authorization server or by FHIR, newest first.',
    load: async () => (await import('./apps/list-apps.ts')).appLogCommand,
  },
  {
    name: 'apps secret',
    usage: 'apps secret CLIENT_ID [--name NAME] [--expires-in DAYS] | apps secret CLIENT_ID --end WHEN_MADE',
    summary:
      'Give an app a second secret, or end one. Both work meanwhile, so the app can switch without a failed call.',
    load: async () => (await import('./apps/app-secrets.ts')).appSecretCommand,
  },
  {
    name: 'apps set',
    usage: `apps set CLIENT_ID ${APP_DESCRIPTION_USAGE} [--verified on|off] [--redirect-uri URI…] [--scope SCOPES] [--api r4,dstu2] [--launch-uri URL] [--practice NAME…] [--require-aud on|off] [--query-secret on|off] [--may-introspect on|off] [--id-token-alg RS256|ES256] [--dpop-bound on|off]`,
    summary:
      'Change an app’s registration. New redirect URIs, APIs and practices replace the existing ones. --verified on confirms that you verified the developer; a new --developer without it withdraws the verification. --answer sold= withdraws an answer. Questions: sold, shared, other-uses (no, with-consent, yes); deletion, kept, encrypted, changes (yes, no); place (device, united-states, elsewhere).',
    load: async () => (await import('./apps/change-app.ts')).changeAppCommand,
  },
  {
    name: 'apps set-state',
    usage: 'apps set-state CLIENT_ID active|rejected|suspended|retired|provisional [--ground GROUND] [--reason TEXT]',
    summary:
      'Move an app along its lifecycle, as an administrator does at /review: provisional to active or rejected, active to suspended and back, any state to retired. Its tokens follow at once. Rejecting, suspending and retiring need a ground and a reason, which its developers see.',
    load: async () => (await import('./apps/change-app.ts')).setAppStateCommand,
  },
  {
    name: 'apps show',
    usage: 'apps show CLIENT_ID',
    summary: 'Show an app’s registration and its answers about data use.',
    load: async () => (await import('./apps/show-app.ts')).showAppCommand,
  },
  {
    name: 'practices list',
    usage: 'practices list',
    summary: 'List the practices: kind, API on or off, number of patients and staff.',
    load: async () => (await import('./practices/practices.ts')).listPracticesCommand,
  },
  {
    name: 'practices add',
    usage: 'practices add NAME --kind sandbox|live [--time-zone ZONE]',
    summary: 'Create a practice. A sandbox practice is for test patients: apps can read it before they are approved.',
    load: async () => (await import('./practices/practices.ts')).addPracticeCommand,
  },
  {
    name: 'practices set',
    usage:
      'practices set NAME [--enabled on|off] [--name NEW] [--phone TEXT] [--email ADDRESS] [--website URL] [--address LINES] [--npi NPI] [--color #RRGGBB] [--time-zone ZONE]',
    summary:
      'Turn a practice’s API on or off, and change what its patients and apps see. A practice without an address and an NPI is left out of the service base URLs. An empty value removes the current one.',
    load: async () => (await import('./practices/practices.ts')).changePracticeCommand,
  },
  {
    name: 'patients list',
    usage: 'patients list',
    summary: 'List the patients: id, name, practice.',
    load: async () => (await import('./accounts/patients.ts')).listPatientsCommand,
  },
  {
    name: 'patients add',
    usage: 'patients add PATIENT_ID [--username NAME] [--practice NAME]',
    summary: 'Create an account for a loaded patient and print its username and password.',
    load: async () => (await import('./accounts/patients.ts')).addPatientAccountCommand,
  },
  {
    name: 'record merge',
    usage: 'record merge PATIENT_ID --into PATIENT_ID [--practice NAME] [--even-so]',
    summary:
      'Merge a duplicate patient record into another. Access to the duplicate ends. Everyone who had it is notified by email and listed, so that the practice can invite them to the other record. --even-so merges although the birth dates differ.',
    load: async () => (await import('./records/merge-and-retract.ts')).mergeRecordsCommand,
  },
  {
    name: 'record unmerge',
    usage: 'record unmerge PATIENT_ID [--practice NAME]',
    summary:
      'Undo a merge. The merged record is separate again, with its own data and what was added since. Invitations sent meanwhile end, and everyone who read the merged record is listed.',
    load: async () => (await import('./records/merge-and-retract.ts')).unmergeRecordCommand,
  },
  {
    name: 'record retract',
    usage: 'record retract TYPE/ID… [--to PATIENT_ID | --lift] [--practice NAME]',
    summary:
      'Remove resources that were filed under the wrong patient, and add them to the record of --to. Everyone who read the wrong record meanwhile is listed. --lift allows the source to send a resource again.',
    load: async () => (await import('./records/merge-and-retract.ts')).retractCommand,
  },
  {
    name: 'representations add',
    usage: `representations add PATIENT_ID --username NAME --name "Full Name" --relationship ${RELATIONSHIP_CODES} [--practice NAME]`,
    summary:
      'Let a person act for a patient. A new username gets an account, and its password is printed. An existing account must have the same name.',
    load: async () => (await import('./accounts/representations.ts')).addRepresentationCommand,
  },
  {
    name: 'representations end',
    usage: 'representations end PATIENT_ID --username NAME [--practice NAME] [--reason TEXT]',
    summary: 'End a representation. The person, and the apps that they connected, lose access to the record.',
    load: async () => (await import('./accounts/representations.ts')).endRepresentationCommand,
  },
  {
    name: 'representations list',
    usage: 'representations list',
    summary: 'List current and past representations.',
    load: async () => (await import('./accounts/representations.ts')).listRepresentationsCommand,
  },
  {
    name: 'staff add',
    usage: 'staff add --username NAME --name "Full Name" [--practitioner ID] [--role ROLE…] [--practice NAME]',
    summary:
      'Create a staff account for a practice and print its password. Roles: clinician, front-desk, privacy-officer, administrator; clinician is the default. A clinician must be in the practice’s directory.',
    load: async () => (await import('./accounts/lock-and-add-staff.ts')).addStaffCommand,
  },
  {
    name: 'administrators invite',
    usage: 'administrators invite --name "Full Name"',
    summary:
      'Print a link that makes a person an administrator of the installation. The link works once and expires after 24 hours.',
    load: async () => (await import('./accounts/administrators.ts')).inviteAdministratorCommand,
  },
  {
    name: 'administrators list',
    usage: 'administrators list',
    summary: 'List the administrators of the installation.',
    load: async () => (await import('./accounts/administrators.ts')).listAdministratorsCommand,
  },
  {
    name: 'accounts list',
    usage: 'accounts list',
    summary: 'List the accounts: username, kind, state, name.',
    load: async () => (await import('./accounts/list-accounts.ts')).listAccountsCommand,
  },
  {
    name: 'accounts lock',
    usage: 'accounts lock USERNAME [--reason TEXT]',
    summary: 'Lock an account. Sign-in is blocked, and the apps that it approved lose access until it is unlocked.',
    load: async () => (await import('./accounts/lock-and-add-staff.ts')).lockAccountCommand,
  },
  {
    name: 'accounts unlock',
    usage: 'accounts unlock USERNAME',
    summary: 'Unlock an account. Sign-in and the apps that it approved work again.',
    load: async () => (await import('./accounts/lock-and-add-staff.ts')).unlockAccountCommand,
  },
  {
    name: 'accounts set-password',
    usage: 'accounts set-password USERNAME',
    summary: 'Set and print a new password for an account. All its sessions end.',
    load: async () => (await import('./accounts/set-password.ts')).setPasswordCommand,
  },
  {
    name: 'accounts lost-factor',
    usage: 'accounts lost-factor USERNAME --proofing TEXT',
    summary:
      'Print a link that removes the passkeys and the authenticator app of an account. It works once within 24 hours, and needs the account’s password too. --proofing says how you verified the person; the audit log records it.',
    load: async () => (await import('./accounts/reset-mfa.ts')).resetMfaCommand,
  },
  {
    name: 'dstu2 report',
    usage: 'dstu2 report',
    summary:
      'List the R4 elements that FHIR DSTU2 has no place for, by type, and count the stored resources that DSTU2 clients don’t see.',
    load: async () => (await import('./data/dstu2-report.ts')).dstu2ReportCommand,
  },
  {
    name: 'grants list',
    usage: 'grants list [--username NAME] [--client CLIENT_ID] [--patient PATIENT_ID]',
    summary: 'List the access that people gave to apps: person, app, record, data, start, end and current status.',
    load: async () => (await import('./grants/grants.ts')).listGrantsCommand,
  },
  {
    name: 'grants end',
    usage: 'grants end GRANT_ID --by patient|staff [--reason TEXT]',
    summary: 'End an app’s access. --by says who requested it. Its tokens stop working within a second.',
    load: async () => (await import('./grants/grants.ts')).endGrantCommand,
  },
  {
    name: 'groups add',
    usage: 'groups add NAME [--practice NAME] [--everyone]',
    summary:
      'Create a group of patients of a practice. Backend apps export it as Group/{id}/$export. With --everyone, the group always has all patients of the practice.',
    load: async () => (await import('./groups/groups.ts')).addGroupCommand,
  },
  {
    name: 'groups list',
    usage: 'groups list [--practice NAME]',
    summary: 'List the groups of patients: id, practice, number of patients, name.',
    load: async () => (await import('./groups/groups.ts')).listGroupsCommand,
  },
  {
    name: 'groups show',
    usage: 'groups show GROUP_ID',
    summary: 'Show the current patients of a group.',
    load: async () => (await import('./groups/group-members.ts')).showGroupCommand,
  },
  {
    name: 'groups members',
    usage: 'groups members GROUP_ID [--add PATIENT_ID …] [--remove PATIENT_ID …]',
    summary: 'Add patients of the practice to a group, or remove them.',
    load: async () => (await import('./groups/group-members.ts')).changeGroupMembersCommand,
  },
  {
    name: 'groups rename',
    usage: 'groups rename GROUP_ID NEW_NAME',
    summary: 'Rename a group. Its id stays the same.',
    load: async () => (await import('./groups/groups.ts')).renameGroupCommand,
  },
  {
    name: 'groups remove',
    usage: 'groups remove GROUP_ID',
    summary: 'Delete a group. Its patients stay. Running exports of the group end.',
    load: async () => (await import('./groups/groups.ts')).removeGroupCommand,
  },
  {
    name: 'keys rotate',
    usage: 'keys rotate [--leaked]',
    summary:
      'Create new signing keys for id_tokens. They are published at once and used after ten minutes, without a restart. --leaked uses them at once and withdraws all others; apps may cache the old keys for five minutes.',
    load: async () => (await import('./server/keys.ts')).rotateKeysCommand,
  },
  {
    name: 'sandbox fill',
    usage: 'sandbox fill [--but-large]',
    summary:
      'Fill the sandbox with its test patients. The server does this itself at start. --but-large leaves out patient02, which takes as long as all the others.',
    load: async () => (await import('./server/sandbox.ts')).fillSandboxCommand,
  },
  {
    name: 'sandbox generate',
    usage: 'sandbox generate --patients N --out FILE [--seed WORD]',
    summary:
      'Write synthetic patients to an NDJSON file for load tests: about 550 resources each, the same for the same seed. The file can be loaded with load.',
    load: async () => (await import('./server/sandbox.ts')).generateSandboxCommand,
  },
];
