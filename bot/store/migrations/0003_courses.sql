-- Courses and their sessions, who signed up, and everything that became of it.
create table courses (
    id integer primary key,
    code text not null unique,             -- the organiser's code: a second import finds the course by it
    title text not null,
    fold text not null,                    -- bot.folding.fold(title): courses are searched by it
    category text not null,
    objective text,
    audience text not null,                -- groups of people, 'CB,CC'
    mode text not null check (mode in ('truc_tiep', 'truc_tuyen', 'ket_hop')),
    capacity integer not null check (capacity > 0),
    deadline integer not null,             -- the last second of that local day
    lecturer text,
    institution text,
    payer text,
    document text,                         -- number of the approving document
    bring text,                            -- what to bring along
    needs_head integer not null default 1,
    needs_hr integer not null default 0,
    state text not null default 'open' check (state in ('open', 'closed', 'cancelled')),
    cancel_reason text,
    cancel_until integer not null,         -- a seat can be given back in the chat until then
    starts_at integer not null,            -- of the first session that is held, kept with the sessions
    ends_at integer not null,              -- of the last one
    created_at integer not null,
    updated_at integer not null
) strict;
create index courses_open on courses (starts_at) where state = 'open';

create table sessions (
    id integer primary key,
    course_id integer not null references courses(id),
    number integer not null,
    starts_at integer not null,
    ends_at integer not null,
    hours integer,                         -- lesson periods (tiết)
    place text,
    link text,
    sequence integer not null default 0,   -- counts changes, for calendars that have this session already
    cancelled_at integer,
    updated_at integer not null,
    unique (course_id, number)
) strict;
create index sessions_start on sessions (starts_at);

create table enrolments (                  -- one row an attempt; who signs up again comes last
    id integer primary key,
    course_id integer not null references courses(id),
    person_id integer not null references people(id),
    state text not null check (state in
        ('head', 'hr', 'seat', 'waiting', 'offered', 'refused', 'cancelled', 'declined', 'lapsed', 'withdrawn')),
    arrival integer not null,              -- order of arrival of the request, then the id
    requested_at integer not null,
    offer_expires_at integer,
    head_by integer references people(id), -- the head who agreed: is not asked twice
    decided_by integer references people(id),
    decided_at integer,
    reason text,
    seated_at integer                      -- when the seat was given
) strict;
create unique index enrolments_active on enrolments (course_id, person_id)
    where state in ('head', 'hr', 'seat', 'waiting', 'offered');
create index enrolments_course on enrolments (course_id, state, arrival, id);
create index enrolments_person on enrolments (person_id, state);
create index enrolments_undecided on enrolments (state) where state in ('head', 'hr');
create index enrolments_offers on enrolments (offer_expires_at) where state = 'offered';

create table enrolment_history (           -- append-only
    id integer primary key,
    enrolment_id integer not null references enrolments(id),
    state text not null,
    by_person integer references people(id), -- nobody: it happened by itself
    reason text,
    at integer not null
) strict;
create index enrolment_history_of on enrolment_history (enrolment_id, id);
