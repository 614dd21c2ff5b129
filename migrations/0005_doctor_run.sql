-- What `carillon doctor` found, so that monitoring can tell when it last ran and whether everything added up.
create table doctor_run (
  id       bigint generated always as identity primary key,
  at       timestamptz not null default now(),
  seconds  double precision not null,
  errors   integer not null,      -- invariants that were broken
  warnings integer not null
);
