-- HR's announcements: what is said, to whom, what became of it; receipts, questions back, topics people may turn off.
create table broadcast_files (             -- kept once, however many get it
    id integer primary key,
    name text not null,
    photo integer not null,
    digest text not null,                  -- SHA-256 of the content
    size integer not null,                 -- bytes
    content blob not null
) strict;

create table broadcasts (
    id integer primary key,
    author_id integer not null references people(id),
    text text not null default '',         -- as typed
    html text not null default '',         -- the same with its formatting, safe to send
    same text not null default '',         -- digest of the folded text: the same words again are asked about
    file_id integer references broadcast_files(id),
    kind text not null default ''          -- whom: '' is not chosen yet; 'got' those who got the one it corrects
        check (kind in ('', 'all', 'units', 'leaders', 'course', 'legal', 'codes', 'got')),
    groups text not null default '',       -- narrows to groups, 'CB,CC'; '' narrows nothing
    topic text not null default 'required' check (topic in ('required', 'general')),
    receipt integer not null default 0,    -- with the button that one has read and understood
    question text,                         -- the check question behind that button
    answers text,                          -- JSON: ["…", …]
    right_answer integer,                  -- place in it, from 0
    corrects_id integer references broadcasts(id),
    edition integer not null default 0,    -- goes up with every change: what is sent is what was previewed
    state text not null default 'draft'
        check (state in ('draft', 'scheduled', 'running', 'paused', 'done', 'cancelled')),
    created_at integer not null,
    updated_at integer not null,
    scheduled_at integer,
    sent_by integer references people(id), -- who pressed: gets the progress card and the questions
    started_at integer,
    finished_at integer,
    shown text not null default ''         -- the figures that the progress card shows
) strict;
create index broadcasts_state on broadcasts (state);
create index broadcasts_same on broadcasts (same, started_at);

create table broadcast_targets (           -- what `kind` speaks of: units, courses, legal updates or people
    broadcast_id integer not null references broadcasts(id),
    target_id integer not null,
    primary key (broadcast_id, target_id)
) strict, without rowid;

create table broadcast_people (            -- the audience, frozen when sending began
    broadcast_id integer not null references broadcasts(id),
    person_id integer not null references people(id),
    primary key (broadcast_id, person_id)
) strict, without rowid;

create table receipts (                    -- append-only: who has read and understood what, and when
    id integer primary key,
    broadcast_id integer not null references broadcasts(id),
    person_id integer not null references people(id),
    at integer not null,
    unique (broadcast_id, person_id)
) strict;

create table questions (                   -- what people ask back, and what they are answered
    id integer primary key,
    broadcast_id integer not null references broadcasts(id),
    person_id integer not null references people(id),
    text text not null,
    asked_at integer not null,
    answer text,
    answered_by integer references people(id),
    answered_at integer
) strict;
create index questions_open on questions (person_id) where answered_at is null;

create table topics_off (                  -- what a person does not want to be told
    person_id integer not null references people(id),
    topic text not null,
    at integer not null,
    primary key (person_id, topic)
) strict, without rowid;

alter table outbox add column replace_ref text;  -- the message that this one is put in place of
