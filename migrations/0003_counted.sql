-- What processes of the API count together, and when an operator lost its last routes.

-- Requests of keys with a limit and failed logins, by a name such as key/12: `n` of them in the span that ends at
-- `until`. Every process counts here, so that a limit holds however many there are. Nothing in it survives a crash, nor
-- needs to.
create unlogged table request_count (
  name  text primary key,
  until timestamptz not null,
  n     integer not null
) with (fillfactor = 50);

-- When a route to the operator was last removed: what was on its way then may still be with it.
alter table operator add column route_removed_at timestamptz;
