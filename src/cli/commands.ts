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
      'Check settings, database, clock, disk, keys, email, practices, feeds, loads and validation, and explain how to fix each problem. Exits with 1 if there is an error.',
    load: async () => (await import('./doctor/doctor.ts')).doctorCommand,
  },
  {
    name: 'load',
    usage: 'load FILE|FOLDER… [--practice NAME] [--source NAME]',
    summary:
      'Load FHIR R4 Bundles, NDJSON and C-CDA documents into the live practice, or into the practice named by --practice. From a folder and its subfolders, loads all .json, .ndjson, .jsonl and .xml files. Lists rejected resources with their place and the reason, and loads the others. A transaction Bundle is loaded completely or not at all. You can run an interrupted load again: it skips what is already stored. Use a separate --source name for each system whose patient ids could collide. The setting VALIDATION controls validation. Exits with 1 if a resource was rejected or there were none.',
    load: async () => (await import('./data/load.ts')).loadCommand,
  },
  {
    name: 'validate',
    usage: 'validate FILE… [--ig PACKAGE_OR_FOLDER…] [--profile URL…] [--all]',
    summary:
      'Validate FHIR R4 resources, Bundles and NDJSON against R4, the implementation guides in --ig, their declared profiles and the profiles in --profile. --all also shows warnings. Doesn’t need a database. Exits with 1 if there is an error.',
    load: async () => (await import('./data/validate.ts')).validateCommand,
  },
  {
    name: 'validation issues',
    formerly: 'faults',
    usage: 'validation issues [--resources] [--practice NAME] [--type TYPE] [--source NAME] [--limit N]',
    summary:
      'List the validation issues of loaded and fed data. Shows each kind of issue with its number of resources or, with --resources, each resource and element. Never shows values of resources.',
    load: async () => (await import('./data/validation-issues.ts')).validationIssuesCommand,
  },
  {
    name: 'feed rejected',
    formerly: 'feed refused',
    usage: 'feed rejected [--practice NAME]',
    summary:
      'List rejected resources of feed batches with their time, app and reason. Resources that refer to something not yet received are retried automatically.',
    load: async () => (await import('./data/feed.ts')).rejectedEntriesCommand,
  },
  {
    name: 'feed retry',
    usage: 'feed retry [--practice NAME]',
    summary: 'Retry all rejected resources of feed batches after you have fixed the cause.',
    load: async () => (await import('./data/feed.ts')).retryRejectedCommand,
  },
  {
    name: 'apps add',
    usage: `apps add --name NAME --redirect-uri URI… --api r4,dstu2 [--kind patient|staff|backend] ${APP_DESCRIPTION_USAGE} [--verified] [--public | --jwks FILE | --jwks-uri URL] [--launch-uri URL] [--practice NAME…] [--scope SCOPES] [--require-aud] [--may-introspect] [--id-token-alg RS256|ES256] [--dpop-bound] [--active]`,
    summary:
      'Register an app and print its client_id and client_secret. An app with keys has no secret. The app is provisional unless --active is set. A backend app needs keys. It reads the practices named by --practice, or only the sandbox without it. With c, u or d in its system/ scopes, it can also write and needs exactly one practice. --verified confirms that you verified the developer.',
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
    summary: 'Show why the authorization server or the FHIR API rejected requests of an app, newest first.',
    load: async () => (await import('./apps/list-apps.ts')).appLogCommand,
  },
  {
    name: 'apps secret',
    usage: 'apps secret CLIENT_ID [--name NAME] [--expires-in DAYS] | apps secret CLIENT_ID --end CREATED_AT',
    summary: 'Add a second client secret, or end one. Both secrets work meanwhile, so you can rotate without downtime.',
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
      'Change an app’s state, as an administrator does at /review: provisional to active or rejected, active to suspended and back, any state to retired. Its tokens stop or resume at once. Rejecting, suspending and retiring need a ground and a reason, which the developers can see.',
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
    summary: 'List the practices with their kind, API status, and number of patients and staff.',
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
      'Turn a practice’s API on or off, and change what its patients and apps see. A practice needs an address and an NPI to be in the list of service base URLs. An empty value removes the current one.',
    load: async () => (await import('./practices/practices.ts')).changePracticeCommand,
  },
  {
    name: 'patients list',
    usage: 'patients list',
    summary: 'List the patients with their id, name and practice.',
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
      'Merge a duplicate patient record into another. Access to the duplicate ends. Everyone who had access is notified by email and listed, so that the practice can invite them to the other record. --even-so merges records with different birth dates.',
    load: async () => (await import('./records/merge-and-retract.ts')).mergeRecordsCommand,
  },
  {
    name: 'record unmerge',
    usage: 'record unmerge PATIENT_ID [--practice NAME]',
    summary:
      'Undo a merge. The merged record becomes separate again, with its own data and what was added since. Invitations sent after the merge end. Lists everyone who read the merged record.',
    load: async () => (await import('./records/merge-and-retract.ts')).unmergeRecordCommand,
  },
  {
    name: 'record retract',
    usage: 'record retract TYPE/ID… [--to PATIENT_ID | --lift] [--practice NAME]',
    summary:
      'Remove resources that were filed under the wrong patient, and add them to the record in --to. Lists everyone who read the wrong record meanwhile. --lift allows the source to send a resource again.',
    load: async () => (await import('./records/merge-and-retract.ts')).retractCommand,
  },
  {
    name: 'representations add',
    usage: `representations add PATIENT_ID --username NAME --name "Full Name" --relationship ${RELATIONSHIP_CODES} [--practice NAME]`,
    summary:
      'Let a person act for a patient. For a new username, creates an account and prints its password. An existing account must have the same name.',
    load: async () => (await import('./accounts/representations.ts')).addRepresentationCommand,
  },
  {
    name: 'representations end',
    usage: 'representations end PATIENT_ID --username NAME [--practice NAME] [--reason TEXT]',
    summary: 'End a representation. The person and the apps that they connected lose access to the record.',
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
      'Create a staff account for a practice and print its password. Roles: clinician, front-desk, privacy-officer, administrator; the default is clinician. A clinician must be in the practice’s directory.',
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
    summary: 'List the accounts with their username, kind, state and name.',
    load: async () => (await import('./accounts/list-accounts.ts')).listAccountsCommand,
  },
  {
    name: 'accounts lock',
    usage: 'accounts lock USERNAME [--reason TEXT]',
    summary:
      'Lock an account. The person can’t sign in, and the apps that they approved lose access until you unlock it.',
    load: async () => (await import('./accounts/lock-and-add-staff.ts')).lockAccountCommand,
  },
  {
    name: 'accounts unlock',
    usage: 'accounts unlock USERNAME',
    summary: 'Unlock an account. The person can sign in again, and the apps that they approved work again.',
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
      'Print a link that removes the passkeys and the authenticator app of an account. It works once, expires after 24 hours, and needs the account’s password too. --proofing states how you verified the person, for the audit log.',
    load: async () => (await import('./accounts/reset-mfa.ts')).resetMfaCommand,
  },
  {
    name: 'dstu2 report',
    usage: 'dstu2 report',
    summary:
      'List the R4 elements that FHIR DSTU2 can’t represent, by type, and count the stored resources that are hidden from DSTU2 clients.',
    load: async () => (await import('./data/dstu2-report.ts')).dstu2ReportCommand,
  },
  {
    name: 'grants list',
    usage: 'grants list [--username NAME] [--client CLIENT_ID] [--patient PATIENT_ID]',
    summary: 'List the access that people gave to apps, with person, app, record, data, start, end and status.',
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
    summary: 'List the groups of patients with their id, practice, number of patients and name.',
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
    summary: 'Delete a group. Its patients and their records aren’t affected. Running exports of the group end.',
    load: async () => (await import('./groups/groups.ts')).removeGroupCommand,
  },
  {
    name: 'keys rotate',
    usage: 'keys rotate [--leaked]',
    summary:
      'Create new signing keys for id_tokens. They are published at once and used after ten minutes, without a restart. --leaked uses them at once and withdraws all old keys; apps may cache the old keys for five minutes.',
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
