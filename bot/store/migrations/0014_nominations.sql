-- Who was put on a course by their head or by HR, and seats that are to pass to a colleague.
alter table enrolments add column nominated_by integer references people(id); -- nobody: signed up by themself

create table seat_swaps (
    id integer primary key,
    enrolment_id integer not null references enrolments(id), -- whose seat is to pass on
    colleague_id integer not null references people(id),
    state text not null check (state in
        ('asked', 'head', 'done', 'declined', 'refused', 'withdrawn', 'lapsed', 'void')),
    arrival integer not null,              -- order of arrival of the wish
    asked_at integer not null,
    expires_at integer not null,
    settled_at integer,
    decided_by integer references people(id), -- the head, or HR
    reason text,                           -- why the head refused, or what made it void
    taken_by integer references enrolments(id) -- the colleague's seat
) strict;
create unique index seat_swaps_open on seat_swaps (enrolment_id) where state in ('asked', 'head');
create index seat_swaps_colleague on seat_swaps (colleague_id) where state in ('asked', 'head');
