-- What the pump needs to tell a message that may have left from one that surely did not, and to wait for a human yes.
alter table outbox add column wire_at integer; -- when the request was about to leave; null: it surely has not
create index outbox_expiry on outbox (expires_at) where state = 'pending';
create index outbox_person on outbox (person_id) where state in ('pending', 'sending');
create index outbox_settled on outbox (state, settled_at) where state in ('unknown', 'failed');

create table outbox_hold (                 -- at most one row: what was due before waits until HR says yes
    due_before integer not null,
    since integer not null
) strict;
