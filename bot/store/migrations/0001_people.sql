-- Who there is: units, people, who may do what, and the chats they speak from.
create table units (
    id integer primary key,
    name text not null,
    fold text not null unique,             -- bot.folding.fold(name): units are matched by it
    old_name text,                         -- the name before a merger or renaming
    parent_id integer references units(id),
    head_id integer,                       -- a person; set by hand or proposed from titles
    head_proposed integer not null default 0
) strict;

create table people (
    id integer primary key,
    code text not null unique,             -- staff code of the HR list
    name text not null,
    fold text not null,
    birth_year integer,
    gender text,
    unit_id integer not null references units(id),
    audience text not null check (audience in ('CB', 'CC', 'VC', 'HDLD')),
    title text,
    leader integer not null default 0,
    position text,
    rank text,
    education text,
    politics text,
    management text,
    appointed_on text,
    phone text,
    active integer not null default 1,
    created_at integer not null
) strict;
create index people_unit on people (unit_id);
create index people_phone on people (phone);

create table roles (
    person_id integer not null references people(id),
    role text not null check (role in ('hr')),
    granted_at integer not null,
    primary key (person_id, role)
) strict;

create table accounts (
    platform text not null,
    address text not null,                 -- the messenger's own id, an opaque string
    person_id integer references people(id),
    language text not null default 'vi',
    linked_at integer,
    menu text not null default '',         -- language and commands that the chat's menu shows
    unreachable_at integer,                -- blocked or deleted; cleared when it speaks again
    primary key (platform, address)
) strict;
create unique index accounts_person on accounts (platform, person_id);

create table invites (
    id integer primary key,
    code_hash text not null unique,        -- keyed; never the code itself
    person_id integer not null references people(id),
    role text not null check (role in ('official', 'head', 'hr')),
    created_at integer not null,
    expires_at integer not null,
    used_at integer,
    voided_at integer                      -- a newer code was made for the same person
) strict;
create index invites_person on invites (person_id);

create table invite_attempts (             -- wrong codes of a chat, against guessing
    id integer primary key,
    platform text not null,
    address text not null,
    at integer not null
) strict;
create index invite_attempts_chat on invite_attempts (platform, address, at);

create table keys (                        -- random keys of this database, for keyed hashes
    name text primary key,
    value text not null
) strict;

create table agency (                      -- who runs this assistant: 'name', 'contact', 'link_telegram'
    fact text primary key,
    value text not null
) strict;

create table wordings (                    -- the very words a consent was asked with, as proof
    version text primary key,              -- their checksum
    words text not null,
    first_at integer not null
) strict;

create table consents (                    -- append-only: the newest row of a purpose counts
    id integer primary key,
    person_id integer not null references people(id),
    purpose text not null check (purpose in ('link', 'days_off', 'comments')),
    given integer not null,
    wording text not null,                 -- version of the words that were shown
    chat_hash text not null,
    at integer not null
) strict;
create index consents_person on consents (person_id, purpose, id);

create table requests (                    -- what a person asks about their own data
    id integer primary key,
    person_id integer not null references people(id),
    text text not null,
    created_at integer not null,
    due_at integer not null,               -- two working days
    done_at integer,
    answer text
) strict;
