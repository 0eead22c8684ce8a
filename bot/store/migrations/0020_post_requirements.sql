-- What the posts of the staff list (vị trí việc làm) call for, and which of them come first (R12, R43, R44).
create table posts (
    id integer primary key,
    fold text not null unique,             -- bot.folding.fold(name): however a staff list spells it
    name text not null,                    -- as it was spelled first
    priority integer not null default 0    -- a sensitive post: its holders come first in every list of gaps
) strict;

create table post_spellings (              -- people.position is as the list tells it; each spelling is of one post
    position text primary key,
    post_id integer not null references posts(id)
) strict;

create table post_requirements (           -- a content group that some people are to have learned
    id integer primary key,
    whom text not null check (whom in ('all', 'leaders', 'CB', 'CC', 'VC', 'HDLD', 'post')),
    post_id integer not null default 0,    -- of posts; 0 unless whom is 'post'
    category text not null,
    every_year integer not null,           -- 1: in each calendar year, 0: once
    by_person integer references people(id), -- nobody: the command line
    at integer not null
) strict;
create unique index post_requirements_once on post_requirements (whom, post_id, category);
