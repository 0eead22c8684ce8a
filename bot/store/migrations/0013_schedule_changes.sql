-- What became of a course's dates and places: who changed what and why, who was told, and who can still come (R19).
alter table courses add column postponed_at integer;    -- put off until new dates are set; null: it stands as it is

create table schedule_changes (            -- append-only: one act of HR; what it did to each session is in its lines
    id integer primary key,
    course_id integer not null references courses(id),
    kind text not null check (kind in
        ('move', 'place', 'online', 'shift', 'postpone', 'resume', 'drop', 'cancel', 'import')),
    reason text not null,                  -- '' of an import: the list of that day is the reason
    by_person integer references people(id), -- nobody: the command line
    at integer not null,
    answer_by integer                      -- silence until then frees the seat; null: it frees none
) strict;
create index schedule_changes_course on schedule_changes (course_id, id);
create index schedule_changes_due on schedule_changes (answer_by) where answer_by is not null;

create table schedule_change_lines (
    change_id integer not null references schedule_changes(id),
    session_id integer not null references sessions(id),
    number integer not null,
    old text,                              -- JSON: starts_at, ends_at, place, link; null: it was not held
    new text,                              -- the same; null: it is held no more
    primary key (change_id, session_id)
) strict, without rowid;
create index schedule_change_lines_session on schedule_change_lines (session_id, change_id);

create table schedule_change_people (      -- everybody on the course when it changed
    change_id integer not null references schedule_changes(id),
    person_id integer not null references people(id),
    since_id integer not null references schedule_changes(id), -- the first change they had not been told of before
    enrolment_id integer references enrolments(id), -- the seat they are asked about; null: they are only told
    primary key (change_id, person_id)
) strict, without rowid;
create index schedule_change_people_person on schedule_change_people (person_id, change_id);

create table change_answers (
    change_id integer not null references schedule_changes(id),
    person_id integer not null references people(id),
    answer text not null check (answer in ('yes', 'no', 'silent')), -- 'silent': the time to answer is over
    at integer not null,
    primary key (change_id, person_id)
) strict, without rowid;
