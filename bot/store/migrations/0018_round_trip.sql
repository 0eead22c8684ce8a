-- Which kinds of files there are is told by the program alone: the table of kept files no longer lists them.
drop table uploads;
create table uploads (                     -- seen as a dry run, until it is applied or a day has passed
    id integer primary key,
    person_id integer not null references people(id),
    kind text not null,                    -- of bot.training.uploads.KINDS
    filename text not null,
    content blob not null,
    created_at integer not null
) strict;
create index uploads_person on uploads (person_id);
