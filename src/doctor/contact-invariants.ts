// What must always hold in the contact book and in what imports leave. Part of the list in invariants.ts.
import type { Invariant } from './invariant.ts';

export const contactInvariants: readonly Invariant[] = [
  {
    name: 'group-items',
    holds: "a group's number of contacts equals a count over its members",
    severity: 'error',
    sql: `
select format('group %s of account %s says %s contacts, it has %s', g.id, g.account_id, g.items, coalesce(m.n, 0)) as detail
from contact_group g
left join (select group_id, count(*) as n from contact_group_member group by group_id) m on m.group_id = g.id
where g.items <> coalesce(m.n, 0) order by g.id`,
  },
  {
    name: 'contact-count',
    holds: "an account's number of contacts equals a count over them",
    severity: 'error',
    sql: `
select format('account %s says %s contacts, it has %s', account_id, coalesce(k.n, 0), coalesce(c.n, 0)) as detail
from (select account_id, sum(n) as n from contact_count group by account_id) k
  full join (select account_id, count(*) as n from contact group by account_id) c using (account_id)
where coalesce(k.n, 0) <> coalesce(c.n, 0) order by account_id`,
  },
  {
    name: 'group-members',
    holds: 'every member of a group is a contact of the same account',
    severity: 'error',
    sql: `
select format('contact %s is a member of group %s: %s', m.contact_id, m.group_id,
  case when g.id is null then 'there is no such group' when c.id is null then 'there is no such contact'
    else format('the contact is of account %s, the group of account %s', c.account_id, g.account_id) end) as detail
from contact_group_member m
left join contact_group g on g.id = m.group_id
left join contact c on c.id = m.contact_id
where g.id is null or c.id is null or g.account_id <> c.account_id order by m.group_id, m.contact_id`,
  },
  {
    name: 'import-files',
    holds: 'no file of an import that is over is kept',
    severity: 'error',
    sql: `
select format('import %s is %s, but %s pieces of its file are kept', i.id, i.state, count(*)) as detail
from import_chunk k join import i on i.id = k.import_id
where i.state in ('done', 'failed', 'cancelled') group by i.id order by i.id`,
  },
];
