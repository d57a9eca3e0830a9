import { expireRequest } from '../approvals/index.ts';
import {
  changeAppState,
  changeRole,
  type DecisionReason,
  decideByOperator,
  endSecret,
  endSecretById,
  includesRole,
  listMemberships,
  rejectVersion,
  removeMember,
} from '../apps/index.ts';
import type { LostEvent } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import { cancelUnusedInvitation, cancelUnusedInvitationsOfPatient } from '../enrollment/index.ts';
import {
  closeAccount,
  discardCredential,
  endRepresentation,
  endSelfRepresentation,
  endStaffPosition,
  listStaffPositions,
  lockAccountById,
  type ReplacedCredential,
  removeAdministrator,
  saveStaffPosition,
} from '../identity/index.ts';
import {
  type AccountId,
  type Clock,
  isUuid,
  type OrganisationId,
  type PracticeId,
  type Random,
} from '../kernel/index.ts';
import {
  endAccessThroughAccount,
  endAllGrantsOfAccount,
  endGrantBefore,
  endTokensBefore,
  rotateSigningKeys,
} from '../oauth/index.ts';
import { setPracticeEnabled } from '../practices/index.ts';
import { endUnusedSignUp } from '../sign-up/index.ts';

export interface RemedyDeps {
  readonly clock: Clock;
  readonly encryption: Encryption;
  readonly random: Random;
}

/** A lost event that ended access, or lifted such an end, and how its change is repeated. */
export interface Remedy {
  /** Says for people which access works again because the event was lost. Empty if the event lifted an end. */
  readonly what: string;
  /** Repeats the change. Returns whether that changed anything; `by-hand` if an operator has to decide. It only ends access. */
  readonly apply?: (tx: Executor, deps: RemedyDeps) => Promise<boolean | 'by-hand'>;
  /** Kind and detail of the audit event. By default, it is the lost event again. */
  readonly recordedAs?: Pick<LostEvent, 'kind' | 'detail'>;
  /** Says how an operator repeats the change. */
  readonly byHand?: string;
  /** Key of the state that the event changed. Only the last event with the same key is repeated. */
  readonly state?: string;
}

/** The reason that developers read for a decision that is repeated. */
const REPEATED = 'Decided before the database was restored to an earlier time.';

type RemedyOf = (event: LostEvent) => Remedy | undefined;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const practiceOf = ({ detail }: LostEvent): PracticeId => Number(detail['practice']) as PracticeId;
/** The account that was changed, where `accountId` is the one that made the change. */
const whom = ({ detail }: LostEvent): AccountId => text(detail['whom']) as AccountId;
const organisationOf = ({ detail }: LostEvent): OrganisationId => text(detail['organisationId']) as OrganisationId;

const endGrant: RemedyOf = ({ grantId, at, detail, clientId }) => {
  if (grantId === undefined) return undefined;
  const asked = detail['asked'];
  const by = asked === 'staff' || asked === 'app' ? asked : 'patient';
  // An app that revoked a token ended its own tokens. The person's permission stayed.
  const ownTokens = detail['token'] !== undefined;
  return {
    what: `access of the app ${clientId} that ended`,
    apply: (tx, { clock }) =>
      ownTokens
        ? endTokensBefore(tx, clock.now(), { grantId, before: at })
        : endGrantBefore(tx, clock.now(), { grantId, before: at }, by),
  };
};

const endTokens: RemedyOf = ({ grantId, at, clientId }) =>
  grantId && {
    what: `earlier tokens of the app ${clientId}`,
    recordedAs: { kind: 'revocation', detail: { token: 'all' } },
    apply: (tx, { clock }) => endTokensBefore(tx, clock.now(), { grantId, before: at }),
  };

const discard =
  (what: string, toCredential: (event: LostEvent) => ReplacedCredential | undefined): RemedyOf =>
  (event) => {
    const { accountId, at } = event;
    const credential = toCredential(event);
    if (accountId === undefined) return undefined;
    const described = `${what} of the account ${accountId}`;
    if (credential === undefined)
      return { what: described, byHand: 'Ask the person to check their passkeys at /account/security.' };
    return {
      what: described,
      recordedAs:
        credential.kind === 'password'
          ? { kind: 'account', detail: { action: 'set-password', discarded: true } }
          : { kind: 'factor', detail: {} },
      apply: (tx, { clock }) => discardCredential(tx, clock.now(), { accountId, credential, before: at }),
    };
  };

const lock =
  (toAccount: (event: LostEvent) => AccountId | undefined): RemedyOf =>
  (event) => {
    const accountId = toAccount(event);
    return (
      accountId && {
        what: `the account ${accountId}, which was locked`,
        state: `lock ${accountId}`,
        apply: (tx, { clock }) => lockAccountById(tx, clock, accountId, text(event.detail['reason'])),
      }
    );
  };

const endRecordAccess =
  (end: typeof endRepresentation, reason: string): RemedyOf =>
  ({ accountId, recordId, detail }) => {
    if (accountId === undefined || recordId === undefined) return undefined;
    return {
      what: `access of the account ${accountId} to the record ${recordId}`,
      state: `access ${accountId} ${recordId}`,
      async apply(tx, { clock }) {
        const ended = await end(tx, clock, { accountId, recordId, reason: text(detail['reason']) });
        if (ended) await endAccessThroughAccount(tx, clock.now(), { accountId, recordId, reason });
        return ended;
      },
    };
  };

const stopApp =
  (toState: (event: LostEvent) => unknown): RemedyOf =>
  (event) => {
    const { clientId } = event;
    const state = toState(event);
    if (clientId === undefined) return undefined;
    if (state === 'active' || state === 'provisional') return { what: '', state: `app ${clientId}` };
    if (state !== 'suspended' && state !== 'retired' && state !== 'rejected') return undefined;
    return {
      what: `the app ${clientId}, which was ${state}`,
      state: `app ${clientId}`,
      async apply(tx, deps) {
        const ground = event.detail['ground'];
        // The history of an app says that it was suspended. Without that, its next version may be approved automatically.
        if (typeof ground === 'string')
          await decideByOperator(tx, deps, clientId, { to: state, reason: { ground, text: REPEATED } });
        else await changeAppState(tx, deps.clock, clientId, state);
        return true;
      },
    };
  };

/** Rejects a version again. If it is the first one of the app, the app stops working. */
const rejectAgain: RemedyOf = ({ clientId, detail }) => {
  const version = Number(detail['version']);
  return (
    clientId && {
      what: `version ${version} of the app ${clientId}, which was rejected`,
      async apply(tx, deps) {
        const reason = { ground: text(detail['ground']), text: REPEATED } as DecisionReason;
        await rejectVersion(tx, deps, { clientId, by: undefined, version }, reason);
        return true;
      },
    }
  );
};

const cancelInvitation: RemedyOf = ({ kind, detail }) => {
  const invitationId = text(detail['invitation']);
  const canceled = { invitation: invitationId, practice: detail['practice'] };
  return invitationId === ''
    ? undefined
    : {
        what: `the invitation ${invitationId}, which was used or canceled`,
        recordedAs:
          kind === 'enrollment'
            ? { kind, detail: { action: 'cancel', ...canceled } }
            : { kind: 'staff', detail: { action: 'cancel-invitation', ...canceled } },
        apply: (tx, { clock }) => cancelUnusedInvitation(tx, invitationId, clock.now()),
      };
};

/** Cancels the invitations that a new one replaced. The new one is lost, so the person has to be invited again. */
const cancelReplaced: RemedyOf = ({ kind, detail }) => {
  const replaced = text(detail['canceled']).split(' ').filter(isUuid);
  if (replaced.length === 0) return undefined;
  return {
    what: `the invitation ${replaced.join(', ')}, which a new one replaced`,
    recordedAs: { kind, detail: { action: 'cancel', invitation: replaced.join(', ') } },
    async apply(tx, { clock }) {
      const canceled: boolean[] = [];
      for (const one of replaced) canceled.push(await cancelUnusedInvitation(tx, one, clock.now()));
      return canceled.includes(true);
    },
  };
};

const declineByLink: RemedyOf = (event) => {
  const remedy = cancelInvitation(event);
  return remedy && { ...remedy, state: `decline ${event.detail['invitation']}` };
};

const declineAgain: RemedyOf = ({ recordId, at }) =>
  recordId && {
    what: `the invitations to the record ${recordId}, whose patient declined an account`,
    state: `decline ${recordId}`,
    recordedAs: { kind: 'enrollment', detail: { action: 'cancel' } },
    apply: (tx, { clock }) => cancelUnusedInvitationsOfPatient(tx, { recordId, before: at, now: clock.now() }),
  };

const endSignUp: RemedyOf = ({ kind, detail }) => {
  const signUpId = text(detail['signUp']);
  const { organisationId } = detail;
  return signUpId === ''
    ? undefined
    : {
        what: `the sign-up link or invitation ${signUpId}, which was used or canceled`,
        recordedAs:
          kind === 'organisation'
            ? { kind, detail: { action: 'take-back-invitation', organisationId, signUp: signUpId } }
            : { kind, detail: { signUp: signUpId } },
        apply: (tx, { clock }) => endUnusedSignUp(tx, signUpId, clock.now()),
      };
};

const endRequest: RemedyOf = ({ detail }) => {
  const approvalRequestId = text(detail['request']);
  return {
    what: `the request for approval ${approvalRequestId}, which was rejected or withdrawn`,
    recordedAs: { kind: 'approval', detail: { ...detail, action: 'withdrawn' } },
    apply: (tx, { clock }) => expireRequest(tx, approvalRequestId, clock.now()),
  };
};

const changeByHand =
  (what: (event: LostEvent) => string, byHand: string): RemedyOf =>
  (event) => ({ what: what(event), byHand });

const appChange = changeByHand(
  ({ clientId }) => `earlier terms or keys of the app ${clientId}`,
  'Check its redirect URIs, keys and scopes with its developer. Suspend it meanwhile if a key leaked.',
);
const recordChange = changeByHand(
  ({ recordId }) => `the state of the record ${recordId} before it was merged or corrected`,
  'Repeat the merge or the correction (record merge, record unmerge, record retract).',
);

const lifted =
  (toState: (event: LostEvent) => string): RemedyOf =>
  (event) => ({ what: '', state: toState(event) });

const removeAdmin: RemedyOf = (event) => {
  const accountId = whom(event);
  return {
    what: `the account ${accountId} as an administrator`,
    async apply(tx) {
      // The administrator who removed the account may not be one in the restored database.
      const outcome = await removeAdministrator(tx, accountId, accountId);
      return outcome === 'last' ? 'by-hand' : outcome === 'done';
    },
  };
};

const removeStaff: RemedyOf = (event) => ({
  what: `the account ${whom(event)} as staff of practice ${practiceOf(event)}`,
  apply: (tx) => endStaffPosition(tx, whom(event), practiceOf(event)),
});

/** Takes away the roles that a staff member didn't have any more. Never adds one. */
const reduceRoles: RemedyOf = (event) => {
  const accountId = whom(event);
  const practiceId = practiceOf(event);
  return {
    what: `earlier roles of the account ${accountId} at practice ${practiceId}`,
    async apply(tx) {
      const position = (await listStaffPositions(tx, accountId)).find((one) => one.practiceId === practiceId);
      if (position === undefined) return false;
      const given = event.detail['roles'];
      const roles = position.roles.filter((role) => Array.isArray(given) && given.includes(role));
      if (roles.length === 0) return endStaffPosition(tx, accountId, practiceId);
      const { practitionerId } = position;
      const isLinked = practitionerId !== undefined && practitionerId === event.detail['practitionerId'];
      if (roles.length === position.roles.length && (isLinked || practitionerId === undefined)) return false;
      await saveStaffPosition(tx, {
        accountId,
        practiceId,
        roles,
        practitionerId: isLinked ? practitionerId : undefined,
      });
      return true;
    },
  };
};

const removeFromOrganisation =
  (toAccount: (event: LostEvent) => AccountId | undefined): RemedyOf =>
  (event) => {
    const accountId = toAccount(event);
    return (
      accountId && {
        what: `the account ${accountId} as a member of the organization ${organisationOf(event)}`,
        async apply(tx) {
          const outcome = await removeMember(tx, organisationOf(event), accountId);
          return outcome === 'last' ? 'by-hand' : outcome === 'removed';
        },
      }
    );
  };

/** Gives a member the role of the event if it is a lower one. */
const reduceOrganisationRole: RemedyOf = (event) => {
  const [accountId, organisationId] = [whom(event), organisationOf(event)];
  return {
    what: `an earlier role of the account ${accountId} in the organization ${organisationId}`,
    async apply(tx) {
      const member = (await listMemberships(tx, accountId)).find((one) => one.organisationId === organisationId);
      const role = (['developer', 'reader'] as const).find((one) => one === event.detail['role']);
      if (member === undefined || role === undefined || includesRole(role, member.role)) return false;
      return (await changeRole(tx, organisationId, accountId, role)) === 'last' ? 'by-hand' : true;
    },
  };
};

/** The remedies by kind and action of the event. All other changes only added something, which is lost. */
const REMEDIES: Readonly<Record<string, RemedyOf>> = {
  revocation: endGrant,
  'revocation/end': endGrant,
  consent: endTokens,
  token: endTokens,
  'account/lock': lock(({ accountId }) => accountId),
  'account/unlock': lifted(({ accountId }) => `lock ${accountId}`),
  'staff/lock': lock(whom),
  'staff/unlock': lifted((event) => `lock ${whom(event)}`),
  'account/end-own-access': endRecordAccess(endSelfRepresentation, 'the practice ended this access'),
  'account/restore-own-access': lifted(({ accountId, recordId }) => `access ${accountId} ${recordId}`),
  'account/end-representation': endRecordAccess(endRepresentation, 'this person no longer acts for the patient'),
  'account/add-representation': lifted(({ accountId, recordId }) => `access ${accountId} ${recordId}`),
  'account/close': ({ accountId }) =>
    accountId && {
      what: `the account ${accountId}, which its owner closed`,
      apply: (tx, { clock }) => closeAccount(tx, { now: clock.now(), endAppAccess: endAllGrantsOfAccount }, accountId),
    },
  'account/password': discard('the earlier password', () => ({ kind: 'password' })),
  'account/set-password': discard('the earlier password', () => ({ kind: 'password' })),
  'account/email-changed': changeByHand(
    ({ accountId }) => `the earlier email address of the account ${accountId}`,
    'Links to reset the password go to the earlier address. Ask the person to change it again, or lock the account.',
  ),
  'factor/passkey-removed': discard('a passkey that was removed', ({ detail }) =>
    typeof detail['passkey'] === 'string'
      ? { kind: 'passkey', id: Buffer.from(detail['passkey'], 'base64url') }
      : undefined,
  ),
  'factor/app-removed': discard('the authenticator app that was removed', () => ({ kind: 'authenticator' })),
  'factor/codes-made': discard('recovery codes that were replaced', () => ({ kind: 'recovery-codes' })),
  'factor/code-used': discard('a recovery code that was used', () => ({ kind: 'recovery-codes' })),
  'factor/factors-removed': discard('second factors that were reset', () => ({ kind: 'all-factors' })),
  'staff/remove': (event) => (event.detail['as'] === 'administrator' ? removeAdmin(event) : removeStaff(event)),
  'staff/change': reduceRoles,
  'staff/cancel-invitation': cancelInvitation,
  'staff/take-on': cancelInvitation,
  'account/add': (event) => cancelInvitation(event) ?? endSignUp(event),
  'enrollment/invite': cancelReplaced,
  'enrollment/resend': cancelReplaced,
  'enrollment/cancel': cancelInvitation,
  'enrollment/enroll': cancelInvitation,
  'enrollment/decline': declineAgain,
  'enrollment/undo-decline': lifted(({ recordId }) => `decline ${recordId}`),
  'enrollment/decline-by-link': declineByLink,
  'enrollment/undo-decline-by-link': lifted(({ detail }) => `decline ${detail['invitation']}`),
  'app/set-state': stopApp(({ detail }) => detail['to']),
  'review/suspended': stopApp(() => 'suspended'),
  'review/retired': stopApp(() => 'retired'),
  'review/rejected': rejectAgain,
  'review/resumed': stopApp(() => 'active'),
  'app/retired': stopApp(() => 'retired'),
  'registration/retire': stopApp(() => 'retired'),
  'registration/replace': appChange,
  'app/changed': appChange,
  'app/set': appChange,
  'app/secret-ended': ({ clientId, detail }) =>
    clientId && {
      what: `a client secret of the app ${clientId}`,
      apply: async (tx) => (await endSecretById(tx, clientId, text(detail['secret']))) !== undefined,
    },
  'app/end-secret': ({ clientId, detail }) =>
    clientId && {
      what: `a client secret of the app ${clientId}`,
      async apply(tx, { clock }) {
        await endSecret(tx, clock, clientId, new Date(text(detail['created'])));
        return true;
      },
    },
  'organisation/remove': removeFromOrganisation(whom),
  'organisation/leave': removeFromOrganisation(({ accountId }) => accountId),
  'organisation/role': reduceOrganisationRole,
  'organisation/join': endSignUp,
  'organisation/take-back-invitation': endSignUp,
  'organisation/unverified': changeByHand(
    (event) => `the verification of the organization ${organisationOf(event)}`,
    'Withdraw it again at /review.',
  ),
  'practice/api-off': (event) => ({
    what: `the API of practice ${practiceOf(event)}`,
    state: `api ${practiceOf(event)}`,
    apply: (tx) => setPracticeEnabled(tx, practiceOf(event), false),
  }),
  'practice/api-on': lifted((event) => `api ${practiceOf(event)}`),
  'practice/remove': changeByHand(
    (event) => `practice ${practiceOf(event)}, which was removed`,
    'Remove it again (practices remove).',
  ),
  'approval/rejected': endRequest,
  'approval/withdrawn': endRequest,
  'key/rotate': ({ detail }) =>
    detail['leaked'] !== true
      ? undefined
      : {
          what: 'signing keys that leaked',
          async apply(tx, deps) {
            await rotateSigningKeys(tx, deps, { leaked: true });
            return true;
          },
        },
  'key/rotate-encryption': changeByHand(
    () => 'an earlier data key',
    'Run keys rotate-encryption again, with the new encryption key.',
  ),
  'record/merge': recordChange,
  'record/unmerge': recordChange,
  'record/retracted': recordChange,
  'record/erase': changeByHand(
    ({ recordId }) => `the record ${recordId}, which had been erased`,
    'Erase it again (record erase).',
  ),
};

/** Names of the events with a remedy, as `nameOf` returns them. */
export const REMEDY_NAMES: readonly string[] = Object.keys(REMEDIES);

/** Returns the kind of an event, with its action if it has one, such as `account/lock`. */
export const nameOf = ({ kind, detail }: LostEvent): string =>
  typeof detail['action'] === 'string' ? `${kind}/${detail['action']}` : kind;

/** Returns the remedy for a lost event; undefined if it only added something, or concerned made-up apps. */
export const findRemedy = (event: LostEvent): Remedy | undefined =>
  event.detail['madeUp'] === true ? undefined : REMEDIES[nameOf(event)]?.(event);
