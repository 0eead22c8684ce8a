-- Who was there: one row a person and session, however often and by whatever way it was told.
create table attendance (
    session_id integer not null references sessions(id),
    person_id integer not null references people(id),
    state text not null check (state in ('present', 'late', 'left_early', 'half', 'excused', 'absent')),
    hours_tenths integer not null,         -- lesson periods that count, in tenths; 0 for excused and absent
    reason text,                           -- why excused
    source text not null check (source in ('code', 'qr', 'phone', 'sheet', 'workbook', 'proxy', 'time')),
    walk_in integer not null default 0,    -- had no seat when they came
    at integer not null,                   -- when it was told first
    by_person integer references people(id), -- who told it; the person themself by code, nobody by 'time'
    changed_at integer,                    -- when it was last told otherwise; null: as it was told first
    primary key (session_id, person_id)
) strict, without rowid;
create index attendance_person on attendance (person_id, session_id);

create table attendance_decisions (        -- what waits, or waited, for whoever runs the class
    id integer primary key,
    session_id integer not null references sessions(id),
    person_id integer not null references people(id),
    kind text not null check (kind in ('conflict', 'excuse', 'walk_in')),
    state text not null,                   -- what the row would become
    reason text,                           -- the words of an excuse; why a walk-in is not let in by itself
    source text not null,
    at integer not null,
    by_person integer references people(id),
    decided_at integer,
    decided_by integer references people(id),
    accepted integer                       -- 1: the row became so; 0: it stays as it was
) strict;
create unique index attendance_decisions_open on attendance_decisions (session_id, person_id, kind)
    where decided_at is null;

create table attendance_attempts (         -- wrong codes of a chat, against guessing
    id integer primary key,
    platform text not null,
    address text not null,
    at integer not null
) strict;
create index attendance_attempts_chat on attendance_attempts (platform, address, at);

create table attendance_boards (           -- messages that show a code which changes by itself
    session_id integer not null references sessions(id),
    person_id integer not null references people(id),
    message_ref text,                      -- the message that is edited; null: it changes by a tap only
    until integer not null,                -- from then on it changes by a tap only
    shown_minute integer not null,         -- of the code on it, minutes since 1970
    picture_minute integer not null,       -- of the last picture
    primary key (session_id, person_id)
) strict, without rowid;
