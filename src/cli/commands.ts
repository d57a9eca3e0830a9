import type { Command } from './command.ts';
import { RELATIONSHIP_CODES } from './relationships.ts';

const ABOUT_APP = '[--developer NAME] [--policy-uri URL] [--answer QUESTION=ANSWER…]';

/** All commands. A command's module is imported only when the command runs, so that each starts fast. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'serve',
    usage: 'serve',
    summary: 'Run the server until it is stopped.',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    name: 'migrate',
    usage: 'migrate',
    summary: 'Bring the database’s schema up to date (the server does so itself at start).',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  {
    name: 'doctor',
    usage: 'doctor',
    summary:
      'Look over the installation: settings, database, clock, disk, keys, mail, practices, feeds, loads and validation; says how to fix each problem. Exit code 1: something is broken.',
    load: async () => (await import('./doctor/index.ts')).doctor,
  },
  {
    name: 'load',
    usage: 'load FILE|FOLDER… [--practice NAME] [--source NAME]',
    summary:
      'Load FHIR R4 Bundles, NDJSON and C-CDA documents, into the live practice unless another is named. Each system that counts its patients by itself is a source. Of a folder all files that end in .json, .ndjson, .jsonl or .xml are taken, also in folders within it. What is refused is listed with its place and why, the rest goes in; but of a Bundle of type transaction with something that is refused, nothing does. A load that was interrupted is started again: what is there already is skipped. What is loaded is validated as VALIDATION says. Exit code 1: something was refused, or there was nothing.',
    load: async () => (await import('./load.ts')).load,
  },
  {
    name: 'validate',
    usage: 'validate FILE… [--ig PACKAGE_OR_FOLDER…] [--profile URL…] [--all]',
    summary:
      'Hold FHIR R4 resources, Bundles and NDJSON against R4, the guides that --ig names, and the profiles that they claim or --profile names. Exit code 1: something has an error. --all shows warnings too.',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'faults',
    usage: 'faults [--resources] [--practice NAME] [--type TYPE] [--source NAME] [--limit N]',
    summary:
      'List what validation found in what was loaded or sent by feeds: each kind of fault with the number of resources that have it, or, with --resources, each resource and where in it. No value of a resource is shown.',
    load: async () => (await import('./faults.ts')).faults,
  },
  {
    name: 'feed refused',
    usage: 'feed refused [--practice NAME]',
    summary:
      'List what was refused of batches that apps sent: when, from which app, which resource and why. What waits for something it refers to is tried again by itself.',
    load: async () => (await import('./feed.ts')).feedRefused,
  },
  {
    name: 'feed retry',
    usage: 'feed retry [--practice NAME]',
    summary: 'Try all rejected resources of batches again, after you have fixed what caused the rejection.',
    load: async () => (await import('./feed.ts')).feedRetry,
  },
  {
    name: 'apps add',
    usage: `apps add --name NAME --redirect-uri URI… --api r4,dstu2 [--kind patient|staff|backend] ${ABOUT_APP} [--verified] [--public | --jwks FILE | --jwks-uri URL] [--launch-uri URL] [--practice NAME…] [--scope SCOPES] [--require-aud] [--may-introspect] [--id-token-alg RS256|ES256] [--dpop-bound] [--active]`,
    summary:
      'Register an app; prints its client_id and client_secret. One with keys has no secret. A backend app needs keys, and reads the practices that --practice names: without it the sandbox alone, --active or not. With c, u or d in its system/ scopes it writes, at exactly one practice.',
    load: async () => (await import('./apps-add.ts')).appsAdd,
  },
  {
    name: 'apps list',
    usage: 'apps list',
    summary: 'List the registered apps.',
    load: async () => (await import('./apps.ts')).appsList,
  },
  {
    name: 'apps log',
    usage: 'apps log CLIENT_ID [--limit N]',
    summary: 'Show why an app was refused of late, by the authorization server or FHIR, the newest first.',
    load: async () => (await import('./apps.ts')).appsLog,
  },
  {
    name: 'apps secret',
    usage: 'apps secret CLIENT_ID [--name NAME] [--expires-in DAYS] | apps secret CLIENT_ID --end WHEN_MADE',
    summary: 'Give an app a second secret, or end one: change over while both are good.',
    load: async () => (await import('./apps-secret.ts')).appsSecret,
  },
  {
    name: 'apps set',
    usage: `apps set CLIENT_ID ${ABOUT_APP} [--verified on|off] [--redirect-uri URI…] [--scope SCOPES] [--api r4,dstu2] [--launch-uri URL] [--practice NAME…] [--require-aud on|off] [--query-secret on|off] [--may-introspect on|off] [--id-token-alg RS256|ES256] [--dpop-bound on|off]`,
    summary:
      'Change how an app is registered. Redirect URIs, APIs and practices that are given replace those there are. --verified on says that you made sure of who makes it: another --developer, without it, takes that back. --answer sold= takes an answer back.',
    load: async () => (await import('./apps-change.ts')).appsSet,
  },
  {
    name: 'apps set-state',
    usage: 'apps set-state CLIENT_ID active|rejected|suspended|retired|provisional [--ground GROUND] [--reason TEXT]',
    summary:
      'Move an app along its lifecycle, as an administrator does at /review; its tokens follow at once. Rejecting, suspending and retiring need a ground and a reason, which its developers read.',
    load: async () => (await import('./apps-change.ts')).appsSetState,
  },
  {
    name: 'apps show',
    usage: 'apps show CLIENT_ID',
    summary: 'Show all that is registered of an app, and what it answered about what it does with data.',
    load: async () => (await import('./apps-show.ts')).appsShow,
  },
  {
    name: 'practices list',
    usage: 'practices list',
    summary: 'List the practices: kind, API on or off, how many patients and staff.',
    load: async () => (await import('./practices.ts')).practicesList,
  },
  {
    name: 'practices add',
    usage: 'practices add NAME --kind sandbox|live [--time-zone ZONE]',
    summary: 'Make a practice. A sandbox is for made-up patients: apps that are not approved can read them.',
    load: async () => (await import('./practices.ts')).practicesAdd,
  },
  {
    name: 'practices set',
    usage:
      'practices set NAME [--enabled on|off] [--name NEW] [--phone TEXT] [--email ADDRESS] [--website URL] [--address LINES] [--npi NPI] [--color #RRGGBB] [--time-zone ZONE]',
    summary:
      'Turn the API of a practice on or off, and change what its patients and apps see of it. Without an address and an NPI it is left out of the list of service base URLs. An empty text removes a value.',
    load: async () => (await import('./practices.ts')).practicesSet,
  },
  {
    name: 'patients list',
    usage: 'patients list',
    summary: 'List the patients: id, name, practice.',
    load: async () => (await import('./patients.ts')).patientsList,
  },
  {
    name: 'patients add',
    usage: 'patients add PATIENT_ID [--username NAME] [--practice NAME]',
    summary: 'Make an account for a loaded patient; prints its username and password.',
    load: async () => (await import('./patients.ts')).patientsAdd,
  },
  {
    name: 'record merge',
    usage: 'record merge PATIENT_ID --into PATIENT_ID [--practice NAME] [--even-so]',
    summary:
      'Merge two records of one patient: the first becomes a part of the second, and everyone who could open the first is asked again. --even-so: merge although their dates of birth differ.',
    load: async () => (await import('./records.ts')).recordMerge,
  },
  {
    name: 'record unmerge',
    usage: 'record unmerge PATIENT_ID [--practice NAME]',
    summary: 'A merge was wrong: the record that was merged is one of its own again, with what came with it and since.',
    load: async () => (await import('./records.ts')).recordUnmerge,
  },
  {
    name: 'record retract',
    usage: 'record retract TYPE/ID… [--to PATIENT_ID | --lift] [--practice NAME]',
    summary:
      'What was filed under the wrong patient leaves that record, where nothing of it can be read any more, and enters that of --to. Lists who read the record meanwhile. --lift: it may come back, should its source send it.',
    load: async () => (await import('./records.ts')).recordRetract,
  },
  {
    name: 'representations add',
    usage: `representations add PATIENT_ID --username NAME --name "Full Name" --relationship ${RELATIONSHIP_CODES} [--practice NAME]`,
    summary:
      'Let a person act for a patient. A new username gets an account, and its password is printed. An existing account must belong to a person of that name.',
    load: async () => (await import('./representations.ts')).representationsAdd,
  },
  {
    name: 'representations end',
    usage: 'representations end PATIENT_ID --username NAME [--practice NAME] [--reason TEXT]',
    summary: 'End a representation: the person, and the apps that they connected, no longer see that record.',
    load: async () => (await import('./representations.ts')).representationsEnd,
  },
  {
    name: 'representations list',
    usage: 'representations list',
    summary: 'List who acts for whom, and who did.',
    load: async () => (await import('./representations.ts')).representationsList,
  },
  {
    name: 'staff add',
    usage: 'staff add --username NAME --name "Full Name" [--practitioner ID] [--role ROLE…] [--practice NAME]',
    summary: `Make an account for a member of staff of a practice, and print its password. Roles: clinician, front-desk, privacy-officer, administrator; clinician when none is named, who must be in the practice's directory.`,
    load: async () => (await import('./accounts.ts')).staffAdd,
  },
  {
    name: 'administrators invite',
    usage: 'administrators invite --name "Full Name"',
    summary: 'Print a link that makes a person an administrator of the installation. It works once, within 24 hours.',
    load: async () => (await import('./administrators.ts')).administratorsInvite,
  },
  {
    name: 'administrators list',
    usage: 'administrators list',
    summary: 'List the administrators of the installation.',
    load: async () => (await import('./administrators.ts')).administratorsList,
  },
  {
    name: 'accounts list',
    usage: 'accounts list',
    summary: 'List the accounts: username, kind, state, name.',
    load: async () => (await import('./accounts-list.ts')).accountsList,
  },
  {
    name: 'accounts lock',
    usage: 'accounts lock USERNAME [--reason TEXT]',
    summary: 'Lock an account: nobody signs in with it, and the apps it let in are refused until it is unlocked.',
    load: async () => (await import('./accounts.ts')).accountsLock,
  },
  {
    name: 'accounts unlock',
    usage: 'accounts unlock USERNAME',
    summary: 'Unlock an account: it works again, and so do the apps it let in.',
    load: async () => (await import('./accounts.ts')).accountsUnlock,
  },
  {
    name: 'accounts set-password',
    usage: 'accounts set-password USERNAME',
    summary: 'Give an account a new password and print it. All sessions of the account end.',
    load: async () => (await import('./accounts-password.ts')).accountsSetPassword,
  },
  {
    name: 'accounts lost-factor',
    usage: 'accounts lost-factor USERNAME --proofing TEXT',
    summary:
      'Print a link that takes the passkeys and the authenticator app of an account away, once within a day, for whoever knows its password too. --proofing says how you made sure of who it is; it is kept.',
    load: async () => (await import('./accounts-lost-factor.ts')).accountsLostFactor,
  },
  {
    name: 'dstu2 report',
    usage: 'dstu2 report',
    summary:
      "What FHIR DSTU2 can't hold: R4's elements without a place there, by type, and how many of the stored resources a rule hides from its clients.",
    load: async () => (await import('./dstu2.ts')).dstu2Report,
  },
  {
    name: 'grants list',
    usage: 'grants list [--username NAME] [--client CLIENT_ID] [--patient PATIENT_ID]',
    summary:
      'List what people let apps do: who, which app, whose record, what it may see, since when, until when, and what became of it.',
    load: async () => (await import('./grants.ts')).grantsList,
  },
  {
    name: 'grants end',
    usage: 'grants end GRANT_ID --by patient|staff [--reason TEXT]',
    summary: 'End what a person let an app do; --by says who asked for it. Its tokens are refused within a second.',
    load: async () => (await import('./grants.ts')).grantsEnd,
  },
  {
    name: 'groups add',
    usage: 'groups add NAME [--practice NAME] [--everyone]',
    summary:
      'Make a group of patients of a practice, for backend apps that export them. With --everyone it has all patients of the practice, whoever they are at the time.',
    load: async () => (await import('./groups.ts')).groupsAdd,
  },
  {
    name: 'groups list',
    usage: 'groups list [--practice NAME]',
    summary: 'List the groups of patients: id, practice, how many patients, name.',
    load: async () => (await import('./groups.ts')).groupsList,
  },
  {
    name: 'groups show',
    usage: 'groups show GROUP_ID',
    summary: 'Show the patients that a group has now.',
    load: async () => (await import('./groups-members.ts')).groupsShow,
  },
  {
    name: 'groups members',
    usage: 'groups members GROUP_ID [--add PATIENT_ID …] [--remove PATIENT_ID …]',
    summary: 'Add patients of its practice to a group, or remove them.',
    load: async () => (await import('./groups-members.ts')).groupsMembers,
  },
  {
    name: 'groups rename',
    usage: 'groups rename GROUP_ID NEW_NAME',
    summary: 'Give a group another name; its id stays.',
    load: async () => (await import('./groups.ts')).groupsRename,
  },
  {
    name: 'groups remove',
    usage: 'groups remove GROUP_ID',
    summary: 'Remove a group: the patients stay, exports of it that are under way end.',
    load: async () => (await import('./groups.ts')).groupsRemove,
  },
  {
    name: 'keys rotate',
    usage: 'keys rotate [--leaked]',
    summary:
      'Make new keys that sign id_tokens: published now, used in ten minutes, without a restart. --leaked: used now, and all others are gone at once; apps may keep the old set for five minutes.',
    load: async () => (await import('./keys.ts')).keysRotate,
  },
  {
    name: 'sandbox fill',
    usage: 'sandbox fill [--but-large]',
    summary:
      'Fill the sandbox with its made-up patients (the server does so itself at start); with --but-large without patient02, whose record takes as long as all others.',
    load: async () => (await import('./sandbox.ts')).sandboxFill,
  },
  {
    name: 'sandbox generate',
    usage: 'sandbox generate --patients N --out FILE [--seed WORD]',
    summary:
      'Write as many made-up patients as you like to an NDJSON file, for tests under load: some 550 resources each, the same for the same seed. `load` takes it.',
    load: async () => (await import('./sandbox.ts')).sandboxGenerate,
  },
];
