-- What has come in, what each chat is in the middle of, what is owed to whom, and when.
create table inbox (
    seq integer primary key,               -- order of arrival
    platform text not null,
    update_key text not null,
    chat text not null,
    payload text not null,                 -- emptied when done: what was said is not kept
    received_at integer not null,
    done_at integer,
    reply text,                            -- what is still to be answered, until it has been sent
    unique (platform, update_key)
) strict;
create index inbox_open on inbox (seq) where done_at is null or reply is not null;
create index inbox_done on inbox (done_at) where reply is null;

create table dialogue (
    platform text not null,
    address text not null,
    menu text not null default '[]',       -- JSON: [[words, choice], …] of the last message with buttons
    awaits text,                           -- name of the answer that free text is for
    awaits_args text not null default '[]',
    awaits_file text,
    draft text not null default '{}',
    updated_at integer not null,
    primary key (platform, address)
) strict;

create table outbox (
    id integer primary key,
    unique_key text not null unique,       -- the same intention is never written twice
    kind text not null,                    -- which @notice composes it
    priority integer not null,             -- 1 reminder, 2 broadcast
    subject text not null,                 -- 'session:17'
    person_id integer not null references people(id),
    platform text,                         -- with the address: a chat that is no longer the person's own
    address text,
    args text not null,                    -- JSON list for the @notice
    due_at integer not null,
    expires_at integer not null,           -- of no use afterwards
    state text not null default 'pending'
        check (state in ('pending', 'sending', 'sent', 'skipped', 'failed', 'unknown')),
    attempts integer not null default 0,
    lease_until integer,
    lease_holder text,
    reason text,                           -- why skipped, failed or unknown
    message_ref text,
    created_at integer not null,
    settled_at integer
) strict;
create index outbox_due on outbox (priority, due_at) where state = 'pending';
create index outbox_leased on outbox (lease_until) where state = 'sending';
create index outbox_subject on outbox (subject, person_id);

create table milestones (
    id integer primary key,
    kind text not null,                    -- which planner writes the outbox rows
    subject text not null,
    step text not null,                    -- '7d', '1d', '2h', 'publish' …
    due_at integer not null,
    expires_at integer not null,
    state text not null default 'pending' check (state in ('pending', 'done', 'skipped', 'withdrawn')),
    settled_at integer,
    unique (subject, step)
) strict;
create index milestones_due on milestones (due_at) where state = 'pending';

create table days (                        -- the editable list beside the public holidays
    day text primary key,                  -- ISO date
    working integer not null,              -- 1: a working day after all, 0: a day off
    name text not null
) strict;

create table heartbeat (                   -- when each tick last ran
    tick text primary key,
    at integer not null
) strict;
