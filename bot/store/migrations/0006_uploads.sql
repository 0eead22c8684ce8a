-- Files that HR sent and has seen a dry run of, until they are applied or a day has passed.
create table uploads (
    id integer primary key,
    person_id integer not null references people(id),
    kind text not null check (kind in ('people', 'courses', 'legal')),
    filename text not null,
    content blob not null,
    created_at integer not null
) strict;
create index uploads_person on uploads (person_id);
