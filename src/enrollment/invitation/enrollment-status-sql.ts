import { MAX_WRONG_ANSWERS } from './open-invitation.ts';

/**
 * SQL CTEs with accounts and invitations of the records in the CTE `named`, which the caller's SQL defines. `own.open`
 * is false if the patient's account is locked or its access to the record has ended. Closed accounts are left out. `$2`
 * is the current time.
 */
export const ENROLLMENT_CTES = `own as (
   select p.record_id, bool_or(p.ended_at is null and a.locked_at is null) as open
   from named d
   join representation p on p.record_id = d.record_id and p.relationship = 'self'
   join account a on a.account_id = p.account_id and a.closed_at is null group by p.record_id),
 sent as (
   select distinct on (i.record_id) i.record_id, i.declined_at is not null as declined,
     i.expires_at > $2 and i.failures < ${MAX_WRONG_ANSWERS} as good
   from named d
   join invitation i on i.record_id = d.record_id and i.kind = 'patient' and i.used_at is null and i.cancelled_at is null
   order by i.record_id, i.created_at desc)`;

/**
 * SQL that joins `ENROLLMENT_CTES` to the CTE `named`, which has the alias `d`. The alias `x` stands for the patient's
 * recorded decision against an account, if there is one.
 */
export const ENROLLMENT_JOINS = `
   left join own on own.record_id = d.record_id
   left join sent on sent.record_id = d.record_id
   left join enrollment_declined x on x.record_id = d.record_id and x.practice_id = d.practice_id`;

/** SQL expression for a patient's enrollment status: `not-enrolled`, `invited`, `enrolled`, `declined` or `locked`. */
export const ENROLLMENT_STATUS_SQL = `case when own.open then 'enrolled' when not own.open then 'locked'
     when x.record_id is not null or sent.declined then 'declined'
     when sent.good is not null then 'invited' else 'not-enrolled' end`;

/** SQL condition: the patient was invited, and the invitation is no longer valid. */
export const INVITATION_EXPIRED_SQL = 'coalesce(not sent.good, false)';
