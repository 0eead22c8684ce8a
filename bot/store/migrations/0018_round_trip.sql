-- Lists that go out, come back edited and can be taken back for a day; the agency's own forms; units that end.
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

create table exports (                     -- lists sent out to be edited: what stood in them, to see what was edited
    id integer primary key,                -- random: it is the mark that the workbook carries
    kind text not null,                    -- of bot.training.uploads.KINDS
    person_id integer not null references people(id),
    subject text not null,                 -- of what it is the list: 'people', 'course:17'
    lines text not null,                   -- JSON: {key: {field: value}}
    made_at integer not null
) strict;
create index exports_made on exports (made_at);

create table applied_uploads (             -- files that were said yes to, while they can be undone
    id integer primary key,                -- the number the upload had
    person_id integer not null references people(id),
    kind text not null,
    filename text not null,
    applied_at integer not null,
    undone_at integer
) strict;
create index applied_uploads_at on applied_uploads (applied_at);

create table upload_changes (              -- what such a file changed, in order
    id integer primary key,
    upload_id integer not null references applied_uploads(id),
    subject text not null,                 -- 'person:17', 'course:3'
    old text,                              -- JSON of what it was; null: it was not there
    new text                               -- JSON of what it became; null: it is there no more
) strict;
create index upload_changes_of on upload_changes (upload_id, id);

create table forms (                       -- the agency's own forms: every one that was brought in stays
    id integer primary key,
    purpose text not null,                 -- 'list', 'decision', or 'own': any other paper of a course
    name text not null,
    filename text not null,
    content blob not null,
    added_by integer references people(id),
    added_at integer not null,
    withdrawn_at integer
) strict;

alter table units add column closed_at integer;                             -- works no more since; null: it does
alter table units add column merged_into integer references units(id);      -- where its people went

create table mergers (                     -- what one merger or renaming did, while it can be undone
    id integer primary key,
    by_person integer not null references people(id),
    at integer not null,
    target_id integer not null references units(id),
    changes text not null,                 -- JSON, see bot.training.merging
    undone_at integer
) strict;
