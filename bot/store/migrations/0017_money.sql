-- Money: what a course may cost and by whom it is paid, what each learner is supported with (R41). Amounts are đồng.
create table course_budget (
    course_id integer not null references courses(id),
    source text not null check (source in ('state', 'unit', 'project', 'learner', 'other')),
    planned integer not null default 0 check (planned >= 0),
    spent integer not null default 0 check (spent >= 0), -- on the class as a whole; what learners got is in support
    by_person integer references people(id),
    at integer not null,
    primary key (course_id, source)
) strict, without rowid;

create table support (
    id integer primary key,
    course_id integer not null references courses(id),
    person_id integer not null references people(id),
    item text not null check (item in ('tuition', 'materials', 'travel', 'meals', 'lodging')),
    payer text not null check (payer in ('state', 'unit', 'project', 'learner', 'other')),
    planned integer not null check (planned >= 0),
    planned_by integer references people(id),
    planned_at integer not null,
    approved integer check (approved >= 0),
    approved_by integer references people(id),
    approved_at integer,
    paid integer check (paid >= 0),
    paid_by integer references people(id),
    paid_on text,                          -- ISO day
    paid_at integer,
    unique (course_id, person_id, item)
) strict;
create index support_person on support (person_id);
