-- Who was there: one row a person and session, however often and by whatever way it was told.
create table attendance (
    session_id integer not null references sessions(id),
    person_id integer not null references people(id),
    state text not null check (state in ('present', 'late', 'left_early', 'half', 'excused', 'absent')),
    hours_tenths integer not null,         -- lesson periods that count, in tenths; 0 for excused and absent
    reason text,                           -- why excused
    source text not null check (source in ('code', 'qr', 'phone', 'sheet', 'workbook', 'proxy')),
    walk_in integer not null default 0,    -- had no seat when they came
    at integer not null,                   -- when it was told first
    by_person integer references people(id), -- who told it; the person themself by code
    primary key (session_id, person_id)
) strict, without rowid;
create index attendance_person on attendance (person_id, session_id);
